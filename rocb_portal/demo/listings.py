"""About forty listed candidates, mostly in the areas of which §2.1 says that information is wanted."""

import datetime as dt
import random
from dataclasses import dataclass, field

from candidates.enums import Origin
from candidates.models import Listing
from experts.enums import LanguageLevel
from experts.models import Area, Expert, ExpertLanguage
from rocb_portal.demo.names import languages_of
from rocb_portal.demo.people import Cast
from rocb_portal.demo.pool import Pool, new_person
from rocb_portal.demo.rows import keep, moment, weekday

# Area: homes of the candidates; a star stands for somebody of the pool, who may be listed in another area.
LISTED = {
    "NII": "AU HK JP MY* CN TH PG IN*",
    "INT": "HK AU* ID PH FJ BD KR*",
    "K9": "NZ AU FJ TH BN",
    "RM": "HK KR JP* VN LK IN",
    "PCA": "MY JP IN* NZ PH*",
    "AEO": "AU MY ID",
    "SW": "KR SG",
    "DRUG": "IN TH",
    "HRM": "NZ*",
    "ECOM": "CN*",
}
# On the list once: area, home, listed and left so many days ago, why.
LEFT = (
    ("NII", "KR", 1200, 380, "Moved to another ministry"),
    ("RM", "MY", 1010, 150, "Wishes to step back"),
    ("INT", "NP", 900, 75, "No answer to two invitations"),
)
KNOWN_FOR = {
    "NII": "Runs the image analysis centre of a sea port; trained three intakes of operators.",
    "INT": "Wrote the code of conduct at home and led its surveys of staff and traders.",
    "K9": "Dog handler and trainer; set up the breeding and training unit at home.",
    "RM": "Built selectivity rules for a national risk management centre.",
    "PCA": "Leads audits of large traders; taught at the national academy.",
    "AEO": "Validates applicants of the national AEO programme.",
    "SW": "Project lead of the national single window.",
    "DRUG": "Case officer for air cargo; liaison with the region's enforcement network.",
    "HRM": "Introduced a competency framework.",
    "ECOM": "Designed the clearance of low-value parcels.",
}


@dataclass
class Candidates:
    people: list[Expert] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)

    def one(self, area: str, home: str) -> Expert:
        return next(
            row.expert for row in self.listings
            if row.area.code == area and row.expert.administration.code == home and not row.left_on
        )  # fmt: skip


def make_candidates(cast: Cast, pool: Pool, draw: random.Random) -> Candidates:
    areas = {area.code: area for area in Area.objects.all()}
    found, day = Candidates(), cast.day
    taken: set[object] = set()
    wanted = [(area, home, draw.randrange(60, 1300), 0, "") for area, homes in LISTED.items() for home in homes.split()]
    for code, home, listed, left, why in [*wanted, *LEFT]:
        expert = _of_pool(pool, home, taken) if home.endswith("*") else _new(cast, home, found)
        taken.add(expert.pk)
        row = _listing(cast, expert, areas[code], listed, draw)
        if left:
            row.left_on, row.left_reason = weekday(day - dt.timedelta(days=left)), why
        found.listings.append(row)
    keep(found.people)
    keep(_languages(found.people))
    keep(found.listings)
    return found


def _of_pool(pool: Pool, home: str, taken: set[object]) -> Expert:
    code = home.rstrip("*")
    return next(e for e in pool.people if e.administration.code == code and e.pk not in taken and not e.left_on)


def _new(cast: Cast, home: str, found: Candidates) -> Expert:
    expert = new_person(cast, home)
    found.people.append(expert)
    return expert


def _listing(cast: Cast, expert: Expert, area: Area, listed: int, draw: random.Random) -> Listing:
    day = weekday(cast.day - dt.timedelta(days=listed))
    hosts = {"HK", "IN", "JP", "KR", "MY", "CN", "FJ", "TH", "ID"}
    choices = [Origin.ADMINISTRATION, Origin.ADMINISTRATION, Origin.ROCB]
    if expert.administration.code in hosts:
        choices.append(Origin.CENTRE)
    origin = draw.choice(choices)
    return Listing(
        expert=expert,
        area=area,
        origin=origin,
        recommended_by=None if origin == Origin.ROCB else expert.administration,
        listed_on=day,
        listed_by=cast.rocb[0],
        note=KNOWN_FOR[area.code],
        created_at=moment(day),
    )


def _languages(people: list[Expert]) -> list[ExpertLanguage]:
    rows = []
    for expert in people:
        for language in ("English", *languages_of(expert.administration.code)):
            level = LanguageLevel.FLUENT if language == "English" else LanguageLevel.NATIVE
            rows.append(ExpertLanguage(expert=expert, language=language, level=level, created_at=expert.created_at))
    return rows
