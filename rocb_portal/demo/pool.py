"""The pool: as many accreditations in each row as the table of March 2012 counts, gathered over the years before the day."""

import datetime as dt
import random
from dataclasses import dataclass, field

from experts.enums import LanguageLevel
from experts.models import Accreditation, Area, Category, Expert, ExpertLanguage, Unavailability
from rocb_portal.demo.names import address, languages_of
from rocb_portal.demo.people import Cast
from rocb_portal.demo.rows import keep, moment, weekday

SOURCE = "Demo region: fictional, not an extract of ACE"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: lookup codes of the homes of those fully accredited and of those at the first step.

    A star stands for somebody who is in an earlier row already and so stands in two areas. `workshops` are days before today.
    """

    category: str
    area: str
    full: str
    workshops: tuple[int, ...]
    first_step: str = ""
    last_workshop: int = 0

    @property
    def key(self) -> str:
        return self.area or self.category


ROWS = (
    Row(
        "DF", "",
        "JP JP JP JP MY MY MY MY AU AU AU KR KR KR HK HK HK TH TH TH IN IN IN CN CN CN NZ NZ SG SG PH PH ID ID VN VN "
        "LK LK FJ FJ BD NP PK PG MN MO BN BT IR",
        (3900, 2850, 1650),
    ),
    Row("CMA", "", "JP* AU NZ MY* KR SG TH* IN HK* LK PH ID", (2960, 600), "FJ WS TO PG VN KH MM NP BD MN CN*", 250),
    Row("AT", "HS", "JP KR* MY IN CN AU* TH PH* ID", (3040, 2150, 1120)),
    Row("AT", "VAL", "JP MY KR IN* CN HK NZ AU TH PH LK* VN", (2820, 1690)),
    Row("AT", "PCA", "KR MY", (2480, 690)),
    Row("AT", "ROO", "JP SG*", (2700, 560)),
    Row("TOA", "AEO", "JP KR NZ", (2900, 1300, 800), "MY TH* SG HK IN PH VN", 560),
    Row("TOA", "RKC", "AU JP NZ IN", (3300, 2200, 2200, 1000)),
    Row("TOA", "IPR", "HK JP KR CN TH", (2600, 760)),
    Row("TOA", "DM", "KR", (560,), "SG", 300),
)  # fmt: skip

# Accredited lately, but the Secretariat has not yet entered them in ACE: in neither column.
PENDING = (("TOA", "AEO", "SG", 41), ("AT", "PCA", "MY*", 24))
# Left their administration: row, home, days ago.
LEFT = (
    ("DF", "", "JP", 2090), ("DF", "", "NZ", 1640), ("AT", "VAL", "MY", 1180), ("AT", "HS", "TH", 620),
    ("TOA", "AEO", "HK", 1250), ("TOA", "IPR", "AU", 1200),
)  # fmt: skip
# An accreditation that came to an end while the person stayed.
ENDED = ("TOA", "IPR", "HK*", 760)
# People of the story, who sign in.
WRITTEN = {
    ("VAL", "MY"): "Farhanim Badlisham",
    ("VAL", "JP"): "Chinatsu Hoshimura",
    ("AEO", "NZ"): "Odette Windrush",
}
OFFICES = {
    "DF": ("Modernisation Unit", "Director's Office", "Planning and Reform Division"),
    "CMA": ("Organisation and Human Resources Division", "Reform Programme Office"),
    "HS": ("Tariff and Classification Branch", "Central Customs Laboratory"),
    "VAL": ("Valuation Division", "Valuation Control Section"),
    "PCA": ("Post Clearance Audit Division",),
    "ROO": ("Origin Verification Unit",),
    "AEO": ("AEO Programme Office", "Trade Partnership Branch"),
    "RKC": ("Legal and Procedures Division",),
    "IPR": ("Intellectual Property Rights Section",),
    "DM": ("Data Standards and Single Window Team",),
}


@dataclass
class Pool:
    """The experts by row and home, and all of them."""

    people: list[Expert] = field(default_factory=list)
    by_row: dict[tuple[str, str], list[Expert]] = field(default_factory=dict)
    accreditations: list[Accreditation] = field(default_factory=list)

    def one(self, row: str, home: str, number: int = 0) -> Expert:
        """The expert of that row ("VAL", "DF" …) and home; the first if not said otherwise."""
        return self.by_row[row, home][number]

    def of(self, expert: Expert) -> list[Accreditation]:
        return [a for a in self.accreditations if a.expert_id == expert.pk]


class _Maker:
    def __init__(self, cast: Cast, draw: random.Random) -> None:
        self.cast, self.draw, self.day = cast, draw, cast.day
        self.categories = {c.code: c for c in Category.objects.all()}
        self.areas = {a.code: a for a in Area.objects.all()}
        self.pool = Pool()

    def person(self, row: str, home: str) -> Expert:
        """Somebody new, or with a star somebody of that home who stands in one row so far."""
        code = home.rstrip("*")
        if home.endswith("*"):
            return next(
                e
                for e in self.pool.people
                if e.administration.code == code and len(self.pool.of(e)) == 1 and not e.left_on
            )
        expert = new_person(self.cast, code, WRITTEN.get((row, code)) if (row, code) not in self.pool.by_row else None)
        expert.office = self.draw.choice(OFFICES[row])
        self.pool.people.append(expert)
        return expert

    def accredit(self, row: Row | tuple[str, str], expert: Expert, **days: dt.date | None) -> Accreditation:
        category, area = (row.category, row.area) if isinstance(row, Row) else row
        accreditation = Accreditation(
            expert=expert,
            category=self.categories[category],
            area=self.areas[area] if area else None,
            source=SOURCE,
            as_of=self.day - dt.timedelta(days=20),
            created_at=moment(self.day - dt.timedelta(days=20)),
            **days,
        )
        self.pool.accreditations.append(accreditation)
        if not expert.left_on:
            self.pool.by_row.setdefault((area or category, expert.administration.code), []).append(expert)
        return accreditation

    def full_days(self, workshop: int, *, after: int = 0) -> dict[str, dt.date | None]:
        """First step at the workshop, accreditation after the field mission, entry in ACE some weeks later."""
        first = weekday(self.day - dt.timedelta(days=workshop))
        accredited = weekday(first + dt.timedelta(days=120 + after % 300))
        entered = weekday(accredited + dt.timedelta(days=17 + after % 50))
        return {"first_step_on": first, "accredited_on": accredited, "ace_entered_on": entered}


def make_pool(cast: Cast, draw: random.Random) -> Pool:
    maker = _Maker(cast, draw)
    day = cast.day
    for row in ROWS:
        for n, home in enumerate(row.full.split()):
            workshop = row.workshops[n % len(row.workshops)]
            maker.accredit(row, maker.person(row.key, home), **maker.full_days(workshop, after=draw.randrange(400)))
        for home in row.first_step.split():
            maker.accredit(
                row, maker.person(row.key, home), first_step_on=weekday(day - dt.timedelta(days=row.last_workshop))
            )
    category, area, home, ago = ENDED
    ended = maker.accredit((category, area), maker.person(area, home), **maker.full_days(2100, after=60))
    ended.ended_on = weekday(day - dt.timedelta(days=ago))
    for category, area, home, ago in PENDING:
        maker.accredit(
            (category, area), maker.person(area, home), first_step_on=weekday(day - dt.timedelta(days=560)),
            accredited_on=weekday(day - dt.timedelta(days=ago)),
        )  # fmt: skip
    for category, area, home, ago in LEFT:
        expert = maker.person(area or category, home)
        expert.left_on = weekday(day - dt.timedelta(days=ago))
        expert.left_reason = draw.choice(("Retired", "Moved to another ministry", "Resigned"))
        maker.accredit((category, area), expert, **maker.full_days(min(3900, ago + 1500), after=draw.randrange(400)))
    _enter_in_ace(maker)
    keep(maker.pool.people)
    keep(maker.pool.accreditations)
    keep(_languages(maker.pool.people, draw))
    keep(_unavailabilities(maker))
    return maker.pool


def new_person(cast: Cast, code: str, name: str | None = None) -> Expert:
    """An invented official of an administration."""
    given, family = name.split(" ") if name else cast.names.of(code)
    return Expert(
        administration=cast.administrations[code],
        given_name=given,
        family_name=family,
        email=address(given, family, f"customs-{code.lower()}"),
        created_at=moment(cast.day - dt.timedelta(days=1500)),
    )


def _enter_in_ace(maker: _Maker) -> None:
    """References of an invented pattern for those in ACE, and for most of them a confirmed history of service."""
    number = 0
    for n, expert in enumerate(maker.pool.people):
        if n % 9:
            expert.profile_confirmed_on = maker.day - dt.timedelta(days=20 + n * 37 % 320)
        if not any(a.ace_entered_on for a in maker.pool.of(expert)):
            continue
        number += 1
        expert.ace_reference = f"DEMO-ACE-{number:04d}"
        expert.ace_as_of = maker.day - dt.timedelta(days=20)
        if n % 6 != 4:
            expert.history_confirmed_from = maker.day - dt.timedelta(days=1460)


def _languages(people: list[Expert], draw: random.Random) -> list[ExpertLanguage]:
    rows = []
    for expert in people:
        spoken = languages_of(expert.administration.code)
        at_home = not spoken
        rows.append(_language(expert, "English", LanguageLevel.NATIVE if at_home else LanguageLevel.FLUENT))
        rows += [_language(expert, language, LanguageLevel.NATIVE) for language in spoken]
        if draw.random() < 0.12 and "French" not in spoken:
            rows.append(_language(expert, "French", LanguageLevel.WORKING))
    return rows


def _language(expert: Expert, language: str, level: str) -> ExpertLanguage:
    return ExpertLanguage(expert=expert, language=language, level=level, created_at=expert.created_at)


REASONS = ("Annual leave", "Audit season at home", "Posted to a border office", "Course abroad", "Parental leave")
# Position in the pool, begins in so many days, lasts so many days.
AWAY = (
    (5, 12, 20), (9, 40, 14), (12, -5, 30), (17, 25, 10), (19, 60, 45), (22, 8, 5), (27, 90, 21), (29, 33, 12),
    (32, 3, 16), (36, 75, 30), (41, 18, 9), (46, 48, 25), (52, -12, 26), (56, 110, 14),
)  # fmt: skip


def _unavailabilities(maker: _Maker) -> list[Unavailability]:
    named = set(WRITTEN.values())
    rows = []
    for n, begins, length in AWAY:
        expert = maker.pool.people[n]
        if expert.name in named:
            continue
        first = maker.day + dt.timedelta(days=begins)
        rows.append(
            Unavailability(
                expert=expert, first_day=first, last_day=first + dt.timedelta(days=length - 1),
                reason=REASONS[n % len(REASONS)], created_at=moment(maker.day - dt.timedelta(days=15)),
            )
        )  # fmt: skip
    return rows
