"""Load the fictional region as it stands on a day: the same on every machine that day, and moving with the calendar."""

import random

from django.db import transaction

from core.clock import today
from core.dated_policy import is_demo, read_once
from core.models import PolicyRow
from rocb_portal.demo.listings import make_candidates
from rocb_portal.demo.people import make_cast
from rocb_portal.demo.pool import make_pool

SEED = 2012


@transaction.atomic
def load_demo() -> bool:
    """Load everything at once or nothing; False if the region is there already."""
    if is_demo():
        return False
    day = today()
    draw = random.Random(SEED)
    with read_once():
        cast = make_cast(day, SEED)
        pool = make_pool(cast, draw)
        make_candidates(cast, pool, draw)
    PolicyRow.objects.create(
        key="portal.demo", value=True, valid_from=day, origin="house",
        text="The people and missions in this portal are invented; every page and document says so.",
    )  # fmt: skip
    return True
