"""A large invented region: as many people, missions and members as asked for, the same for one seed on one day."""

from dataclasses import dataclass

from django.db import transaction

from core.clock import today
from core.dated_policy import is_demo, read_once
from core.models import PolicyRow
from experts.models import Expert
from missions.models import Mission
from rocb_portal.load.missions import MissionMaker
from rocb_portal.load.needs import NeedsMaker
from rocb_portal.load.people import PeopleMaker, make_region
from rocb_portal.load.writing import Draw, Sheaf


@dataclass(frozen=True, slots=True)
class Loaded:
    experts: int
    missions: int


@transaction.atomic
def load_region(*, experts: int, missions: int, seed: int, members: int = 0) -> Loaded:
    """All or nothing, beside what is there already. Every page and document says from then on that it is fictional."""
    there, before = Expert.objects.count(), Mission.objects.count()
    # What is there already belongs to the draw, so that a second run with the same seed adds other people.
    day, draw = today(), Draw(f"{seed}/{there}/{before}")
    if not is_demo():
        PolicyRow.objects.create(
            key="portal.demo", value=True, valid_from=day, origin="house",
            text="The people and missions in this portal are invented; every page and document says so.",
        )  # fmt: skip
    with read_once():
        sheaf = Sheaf(draw)
        region = make_region(day, seed, members=members, draw=draw, sheaf=sheaf)
        PeopleMaker(region, draw, sheaf, first_number=there).make(experts)
        MissionMaker(region, draw, sheaf).make(missions)
        NeedsMaker(region, draw, sheaf).make()
    return Loaded(len(region.experts), Mission.objects.count() - before)
