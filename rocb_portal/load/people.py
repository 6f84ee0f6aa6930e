"""Thousands of invented officials: accredited, on the way, listed, nominated, away."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from candidates.enums import LeftKind, NominationState, NomineeState, Origin, Requirement, Verdict
from candidates.models import Evidence, Judgement, Listing, Nomination, Review, WorkshopNominee
from centres.enums import Audience, TrainingKind, TrainingRole
from centres.models import Centre, Resource, Training, TrainingPerson
from experts.enums import LanguageLevel, ServiceSource, ServiceState
from experts.models import (
    Accreditation,
    AccreditationWorkshop,
    Area,
    Category,
    Expert,
    ExpertLanguage,
    ServicePeriod,
    Unavailability,
)
from members.enums import Party
from members.models import Administration, Membership, User
from rocb_portal.demo.names import GROUPS, HOMES, languages_of
from rocb_portal.demo.people import make_cast
from rocb_portal.demo.rows import moment
from rocb_portal.load.members import home_like, invent_members
from rocb_portal.load.writing import Draw, Sheaf

SOURCE = "Invented for measuring: fictional, not an extract of ACE"
# Category, area and how often, in the proportions of Table 2; an area without people of its own asks for those of a category.
ROWS = (
    ("DF", "", 40), ("CMA", "", 15), ("AT", "HS", 9), ("AT", "VAL", 12), ("AT", "PCA", 3), ("AT", "ROO", 3),
    ("TOA", "AEO", 8), ("TOA", "RKC", 4), ("TOA", "IPR", 5), ("TOA", "DM", 2),
)  # fmt: skip
LISTED_IN = ("NII", "INT", "K9", "RM", "AEO", "PCA", "VAL", "IPR")
OFFICES = ("Modernisation Unit", "Tariff Branch", "Valuation Division", "Legal Division", "AEO Programme Office")
REASONS = ("Annual leave", "Audit season at home", "Posted to a border office", "Course abroad")
# Of a hundred people: fully accredited, at the first step, waiting for the entry in ACE; the rest are candidates only.
FULL, FIRST_STEP, PENDING = 78, 12, 4

Period = tuple[dt.date, dt.date]


@dataclass
class Region:
    """Who is there, and who was fully accredited in which row since when."""

    day: dt.date
    administrations: list[Administration]
    rocb: list[User]
    secretariat: list[User]
    focal: dict[uuid.UUID, User]
    experts: list[Expert] = field(default_factory=list)
    full: dict[str, list[tuple[dt.date, int, Expert]]] = field(default_factory=dict)
    served: dict[uuid.UUID, list[Period]] = field(default_factory=dict)


def make_region(day: dt.date, seed: int, *, members: int, draw: Draw, sheaf: Sheaf) -> Region:
    """The administrations with their accounts; those of the demo region if it is there, and invented ones up to a number."""
    if not User.objects.of_party(Party.ROCB).exists():
        make_cast(day, seed)
    missing = members - Administration.objects.active().count()
    if missing > 0:
        invent_members(missing, draw=draw, sheaf=sheaf, beside=User.objects.of_party(Party.ROCB)[0])
    speaking = (
        Membership.objects.filter(party=Party.ADMINISTRATION).select_related("user").order_by("-created_at", "pk")
    )
    return Region(
        day=day,
        administrations=list(Administration.objects.active().order_by("name")),
        rocb=list(User.objects.of_party(Party.ROCB)),
        secretariat=list(User.objects.of_party(Party.SECRETARIAT)),
        focal={row.administration_id: row.user for row in speaking if row.administration_id},
    )


class PeopleMaker:
    def __init__(self, region: Region, draw: Draw, sheaf: Sheaf, *, first_number: int) -> None:
        self.region, self.draw, self.sheaf, self.day = region, draw, sheaf, region.day
        self.number = first_number
        self.categories = {c.code: c for c in Category.objects.all()}
        self.areas = {a.code: a for a in Area.objects.all()}
        self.workshops = list(AccreditationWorkshop.objects.order_by("month"))
        # A few administrations have most of the people.
        self.weights = [1 / (rank + 3) for rank in range(len(region.administrations))]
        self.password = region.rocb[0].password
        draw.shuffle(region.administrations)

    def make(self, number: int) -> None:
        for _ in range(number):
            self._person()
            self.sheaf.write_if_full()
        for rows in self.region.full.values():
            rows.sort()
        self._trainings(number // 40)
        self.sheaf.write()

    def ago(self, least: int, most: int) -> dt.date:
        return self.day - dt.timedelta(days=self.draw.randint(least, most))

    def _person(self) -> None:
        draw = self.draw
        self.number += 1
        (administration,) = draw.choices(self.region.administrations, self.weights)
        group = GROUPS[HOMES[home_like(administration)][0]]
        given, family = (" ".join(draw.sample(names.split(), 2)) for names in group[:2])
        name = f"{given.split()[0]}.{self.number}".lower().replace("'", "")
        standing = draw.randrange(100)
        known_since = self.ago(1500, 5200)
        expert = Expert(
            administration=administration,
            given_name=given,
            family_name=family,
            office=draw.choice(OFFICES),
            email=f"{name}@customs-{administration.code.lower()}.example",
            ace_reference=f"L{self.number:06d}" if standing < FULL else "",
            ace_as_of=self.day - dt.timedelta(days=20) if standing < FULL else None,
            customs_since=known_since.year - draw.randint(2, 15),
            created_at=moment(known_since),
        )
        if draw.often(0.8):
            expert.history_confirmed_from = self.day - dt.timedelta(days=1460)
        if draw.often(0.03):
            expert.left_on, expert.left_reason = self.ago(30, 1200), "Retired"
        if draw.often(0.125):
            expert.user = self._account(expert)
        self.sheaf.add(expert)
        self.region.experts.append(expert)
        self._languages(expert)
        held = self._accreditations(expert, standing)
        if draw.often(0.2):
            first = self.day + dt.timedelta(days=draw.randint(-20, 150))
            self.sheaf.add(
                Unavailability(
                    expert=expert, first_day=first, last_day=first + dt.timedelta(days=draw.randint(3, 40)),
                    reason=draw.choice(REASONS), created_at=expert.created_at,
                )
            )  # fmt: skip
        if draw.often(0.05):
            self._service_before_the_portal(expert)
        if not held or draw.often(0.04):
            self._listing(expert)
        elif draw.often(0.02):
            self._nomination(expert, draw.choice([NominationState.SUBMITTED, NominationState.RETURNED]))

    def _account(self, expert: Expert) -> User:
        user = User(
            email=expert.email, name=expert.name, password=self.password, created_at=moment(self.ago(100, 1400))
        )
        self.sheaf.add(user)
        self.sheaf.add(Membership(user=user, party=Party.EXPERT, created_at=user.created_at))
        return user

    def _languages(self, expert: Expert) -> None:
        spoken = ["English", *languages_of(home_like(expert.administration))]
        if self.draw.often(0.12) and "French" not in spoken:
            spoken.append("French")
        for language in spoken:
            level = LanguageLevel.FLUENT if language == "English" else LanguageLevel.NATIVE
            self.sheaf.add(ExpertLanguage(expert=expert, language=language, level=level, created_at=expert.created_at))

    def _accreditations(self, expert: Expert, standing: int) -> bool:
        if standing >= FULL + FIRST_STEP + PENDING:
            return False
        rows = self.draw.choices(ROWS, [row[2] for row in ROWS], k=2 if self.draw.often(0.15) else 1)
        for category, area, _often in set(rows):
            self._accreditation(expert, category, area, standing)
        return True

    def _accreditation(self, expert: Expert, category: str, area: str, standing: int) -> None:
        first = self.ago(700, 5000) if standing < FULL else self.ago(60, 900)
        row = Accreditation(
            expert=expert,
            category=self.categories[category],
            area=self.areas[area] if area else None,
            first_step_on=first,
            source=SOURCE,
            as_of=self.day - dt.timedelta(days=20),
            created_at=moment(first),
        )
        if standing < FULL:
            row.accredited_on = first + dt.timedelta(days=self.draw.randint(120, 500))
            row.ace_entered_on = row.accredited_on + dt.timedelta(days=self.draw.randint(10, 60))
            if self.draw.often(0.02):
                row.ended_on = self.ago(1, 100)
        elif standing >= FULL + FIRST_STEP:
            row.accredited_on = self.ago(1, 50)
        self.sheaf.add(row)
        if row.full_from and not row.ended_on and not expert.left_on:
            rows = self.region.full.setdefault(area or category, [])
            rows.append((row.full_from, len(self.region.experts), expert))
        if standing >= FULL and self.workshops and self.draw.often(0.5):
            self._nominee(expert, row)

    def _nominee(self, expert: Expert, row: Accreditation) -> None:
        fitting = [w for w in self.workshops if w.category_id == row.category_id and w.area_id == row.area_id]
        if fitting:
            self.sheaf.add(
                WorkshopNominee(
                    workshop=self.draw.choice(fitting), expert=expert, state=NomineeState.PASSED, accreditation=row,
                    put_forward_by=self.region.focal.get(expert.administration_id), decided_at=row.created_at,
                    created_at=row.created_at, state_since=row.created_at,
                )
            )  # fmt: skip

    def _service_before_the_portal(self, expert: Expert) -> None:
        first = self.ago(400, 1000)
        last = first + dt.timedelta(days=self.draw.randint(4, 12))
        self.region.served.setdefault(expert.pk, []).append((first, last))
        self.sheaf.add(
            ServicePeriod(
                expert=expert, first_day=first, last_day=last, state=ServiceState.USED, place="Suva, Fiji",
                title="Regional workshop", source=ServiceSource.RECORDED, source_note=SOURCE,
                recorded_by=self.region.rocb[0], created_at=moment(self.ago(100, 300)),
            )
        )  # fmt: skip

    def _listing(self, expert: Expert) -> None:
        area = self.areas[self.draw.choice(LISTED_IN)]
        listed = self.ago(20, 900)
        nomination = None
        if self.draw.often(0.6):
            nomination = self._nomination(
                expert, NominationState.LISTED, area=area, sent=listed - dt.timedelta(days=40)
            )
        elif self.draw.often(0.3):
            self._nomination(expert, self.draw.choice(list(NominationState)), area=area)
        left = self.draw.often(0.1)
        self.sheaf.add(
            Listing(
                expert=expert, area=area, origin=nomination.origin if nomination else Origin.ROCB, listed_on=listed,
                recommended_by=nomination.centre_host if nomination else None,
                listed_by=self.region.rocb[0], nomination=nomination,
                confirmed_on=self.ago(1, 400) if self.draw.often(0.4) else None,
                left_on=self.ago(1, 19) if left else None, left_kind=LeftKind.OTHER if left else "",
                note="Known from a regional workshop.", created_at=moment(listed),
            )
        )  # fmt: skip

    def _nomination(
        self, expert: Expert, state: str, *, area: Area | None = None, sent: dt.date | None = None
    ) -> Nomination:
        draw, at = self.draw, moment(sent or self.ago(5, 200))
        origin = draw.choices(list(Origin), [6, 2, 2])[0]
        decided = state in {NominationState.LISTED, NominationState.NOT_LISTED}
        nomination = Nomination(
            origin=origin,
            home=expert.administration,
            centre_host=draw.choice(self.hosts) if origin == Origin.CENTRE else None,
            expert=expert,
            given_name=expert.given_name,
            family_name=expert.family_name,
            office=expert.office,
            email=expert.email,
            why="Has trained officers of the region for years.",
            created_by=self.region.focal.get(expert.administration_id) or self.region.rocb[0],
            submitted_at=None if state == NominationState.DRAFT else at,
            consented_at=at + dt.timedelta(days=3) if decided else None,
            decided_at=at + dt.timedelta(days=40) if decided else None,
            objected_at=at if state == NominationState.OBJECTED else None,
            state=state,
            state_since=at,
            created_at=at,
        )
        self.sheaf.add(nomination)
        self.sheaf.add(Nomination.areas.through(nomination=nomination, area=area or self.areas[draw.choice(LISTED_IN)]))
        for requirement in Requirement.values:
            self.sheaf.add(
                Evidence(nomination=nomination, requirement=requirement, by_nominator="Ten years.", created_at=at)
            )
        if decided:
            review = Review(nomination=nomination, reviewer=self.region.rocb[0], given_at=at, created_at=at)
            self.sheaf.add(review)
            verdict = Verdict.MET if state == NominationState.LISTED else Verdict.NOT_MET
            self.sheaf.add_all(
                Judgement(review=review, requirement=requirement, verdict=verdict, created_at=at)
                for requirement in Requirement.values
            )
        return nomination

    @property
    def hosts(self) -> Sequence[Administration]:
        if not hasattr(self, "_hosts"):
            self._hosts = [c.administration for c in Centre.objects.select_related("administration")]
        return self._hosts

    def _trainings(self, number: int) -> None:
        centres = list(Centre.objects.all())
        for n in range(number if centres else 0):
            first = self.ago(10, 3000)
            training = Training(
                centre=centres[n % len(centres)], kind=self.draw.choice(TrainingKind.values), title=f"Course {n + 1}",
                area=self.areas[self.draw.choice(LISTED_IN)], first_day=first, last_day=first + dt.timedelta(days=4),
                participants=20, created_at=moment(first),
            )  # fmt: skip
            self.sheaf.add(training)
            people = self.draw.sample(self.region.experts, min(3, len(self.region.experts)))
            self.sheaf.add_all(
                TrainingPerson(
                    training=training, expert=expert, created_at=moment(first),
                    role=TrainingRole.TRAINER if place == 0 else TrainingRole.PARTICIPANT,
                )
                for place, expert in enumerate(people)
            )  # fmt: skip
            self.sheaf.add(
                Resource(
                    centre=training.centre, title=f"Slides of course {n + 1}", area=training.area, audience=Audience.EXPERTS,
                    url=f"https://library.example/{n + 1}", created_at=moment(first),
                )
            )  # fmt: skip
