"""Four years of missions that are over, with their letters, ledger, history and reports."""

import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from core.dated_policy import policy
from core.models import Counter, plain
from experts.enums import ServiceSource, ServiceState, Standing
from experts.models import Area, Category, Expert, ServicePeriod
from missions.enums import Bearer, BearsCost, ConfirmingParty, Financing, Mode, Party
from missions.letters import default_opening, particulars_of
from missions.models import CapacityRequest, Confirmation, FutureNeed, Invitation, Letter, Mission, Report, Seat
from missions.services import plan_year_of
from rocb_portal.demo.book import Actor, Book
from rocb_portal.demo.journey import TIMETABLE, first_day, signatory
from rocb_portal.demo.listings import Candidates
from rocb_portal.demo.names import town_of
from rocb_portal.demo.people import Cast
from rocb_portal.demo.pool import Pool
from rocb_portal.demo.rows import moment, weekday
from rocb_portal.demo.subjects import SUBJECTS, title_of

OLDEST, NEWEST = 1440, 80
MEMBERS = (
    "FJ",
    "WS",
    "TO",
    "VU",
    "SB",
    "PG",
    "TL",
    "LA",
    "KH",
    "MM",
    "BT",
    "MV",
    "NP",
    "MN",
    "BD",
    "LK",
    "PK",
    "BN",
    "PH",
    "VN",
    "AF",
    "PW",
)
# In this order the areas take turns; those for which nobody was accredited yet are passed over.
AREAS = (
    "VAL",
    "HS",
    "STRAT",
    "AEO",
    "IPR",
    "HRM",
    "RKC",
    "PCA",
    "NII",
    "VAL",
    "HS",
    "ROO",
    "STRAT",
    "INT",
    "DM",
    "IPR",
    "RM",
    "HRM",
    "RKC",
    "K9",
    "AEO",
)
FROM_THE_LIST = {"NII", "INT", "K9", "RM"}
NOBODY_MORE_THAN = 45
ROWS_OF = {"STRAT": "DF", "HRM": "CMA"}

# Three people whose days are told exactly: row, home, days before today on which each mission began, its length in days.
FULL = ("VAL", "KR", ((1015, 10), (890, 5), (770, 12), (655, 5), (520, 10), (415, 5), (310, 8), (205, 5), (110, 6)))
WARNED = ("VAL", "NZ", ((930, 10), (810, 5), (690, 12), (560, 5), (430, 10), (280, 5), (150, 9)))
OVER = ("HS", "IN", ((845, 12), (700, 10), (575, 12), (440, 10), (260, 12)))
# Served before the portal kept the ledger, for the last of them: days before today, length of the time away.
BEFORE_THE_PORTAL = (980, 13)


@dataclass
class Trip:
    """One mission of the past: when it began and who went."""

    area: str
    begins: int
    people: list[Expert]
    member: str = ""
    length: int = 5
    refused: Expert | None = None
    remote: bool = False
    number: int = 0
    mission: Mission = field(init=False)


class Past:
    def __init__(self, cast: Cast, pool: Pool, candidates: Candidates, draw: random.Random) -> None:
        self.cast, self.pool, self.candidates, self.draw = cast, pool, candidates, draw
        self.book = Book()
        self.areas = {area.code: area for area in Area.objects.all()}
        self.categories = {category.code: category for category in Category.objects.all()}
        self.days: dict[Any, list[ServicePeriod]] = defaultdict(list)
        self.told = [pool.one(row, home) for row, home, _trips in (FULL, WARNED, OVER)]
        self.planned: dict[Any, int] = defaultdict(int)
        self.numbers = dict(Counter.objects.values_list("series", "last"))

    def write(self) -> None:
        for expert in {e.pk: e for e in [*self.pool.people, *self.candidates.people]}.values():
            self.know(expert)
        trips = sorted([*self._told(), *self._others()], key=lambda trip: -trip.begins)
        self.cast.open_accounts(expert for trip in trips for expert in trip.people)
        for number, trip in enumerate(trips):
            trip.number = number
            trip.member = trip.member or self._member(trip)
            _Mission(self, trip).write()
        self._before_the_portal()
        self.book.close()
        for series, last in self.numbers.items():
            Counter.objects.update_or_create(series=series, defaults={"last": last})
        for expert in [*self.pool.people, *self.candidates.people]:
            vars(expert).pop("_prefetched_objects_cache")

    def number(self, series: str) -> int:
        """The next number of a series, as `core.numbers` would give it."""
        self.numbers[series] = self.numbers.get(series, 0) + 1
        return self.numbers[series]

    def know(self, expert: Expert) -> None:
        """Let ledger and letter read the person's facts from memory, as if they were prefetched."""
        vars(expert)["_prefetched_objects_cache"] = {
            "accreditations": self.pool.of(expert),
            "service_periods": self.days[expert.pk],
        }

    def _told(self) -> list[Trip]:
        trips = []
        for row, home, dates in (FULL, WARNED, OVER):
            expert = self.pool.one(row, home)
            trips += [Trip(row, begins, [expert], length=length) for begins, length in dates]
        return trips

    def _others(self) -> list[Trip]:
        trips: list[Trip] = []
        turn = 0
        for begins in range(OLDEST, NEWEST, -34):
            found: list[Expert] = []
            while not found:
                area = AREAS[turn % len(AREAS)]
                turn += 1
                found = self._free(area, begins)
            remote = len(trips) % 7 == 5
            seats = 2 if len(trips) % 3 == 1 and len(found) > 1 else 1
            trip = Trip(area, begins, found[:seats], length=3 if remote else 5, remote=remote)
            if len(trips) % 6 == 3 and len(found) > seats:
                trip.refused = found[seats]
            for expert in trip.people:
                self.planned[expert.pk] += trip.length + 2
            trips.append(trip)
        return trips

    def _free(self, area: str, begins: int) -> list[Expert]:
        """Who could have gone, those who went least first."""
        began = self.cast.day - dt.timedelta(days=begins)
        asked = began - dt.timedelta(days=90)
        if area in FROM_THE_LIST:
            could = [
                r.expert
                for r in self.candidates.listings
                if r.area.code == area and r.listed_on <= asked and not r.left_on
            ]
        else:
            row = ROWS_OF.get(area, area)
            could = [e for (key, _home), people in self.pool.by_row.items() if key == row for e in people]
            could = [e for e in could if self._full_since(e, row, asked)]
        free = [e for e in could if e not in self.told and self.planned[e.pk] <= NOBODY_MORE_THAN]
        return sorted(free, key=lambda e: self.planned[e.pk])

    def _full_since(self, expert: Expert, row: str, day: dt.date) -> bool:
        return any(
            a.full_from and a.full_from <= day and not a.ended_on
            for a in self.pool.of(expert)
            if (a.area.code if a.area else a.category.code) == row
        )

    def _member(self, trip: Trip) -> str:
        homes = {e.administration.code for e in [*trip.people, *([trip.refused] if trip.refused else [])]}
        return next(m for m in (*MEMBERS[trip.number % len(MEMBERS) :], *MEMBERS) if m not in homes)

    def _before_the_portal(self) -> None:
        ago, length = BEFORE_THE_PORTAL
        first = weekday(self.cast.day - dt.timedelta(days=ago))
        self.book.add(
            ServicePeriod(
                expert=self.told[2],
                first_day=first,
                last_day=first + dt.timedelta(days=length - 1),
                state=ServiceState.USED,
                place="Suva, Fiji",
                title="Regional workshop on classification",
                source=ServiceSource.RECORDED,
                source_note="Travel order in the files of ROCB A/P (fictional)",
                recorded_by=self.cast.rocb[1],
            ),
            moment(self.cast.day - dt.timedelta(days=700)),
        )


class _Mission:
    """One mission of the past, step by step."""

    def __init__(self, past: Past, trip: Trip) -> None:
        cast = past.cast
        self.past, self.trip, self.book, self.cast = past, trip, past.book, cast
        self.subject = SUBJECTS[trip.area]
        self.rocb = Actor(cast.rocb[trip.number % 3 == 2], Party.ROCB)
        self.secretariat = Actor(cast.secretariat[trip.number % 3 == 1], Party.SECRETARIAT)
        self.host = Actor(cast.focal[trip.member], Party.BENEFICIARY)
        self.beneficiary = cast.administrations[trip.member]
        self.first = first_day(cast.day, -trip.begins, monday=True)
        self.last = self.first + dt.timedelta(days=trip.length - 1)
        self.mode = Mode.REMOTE if trip.remote else Mode.ON_SITE
        self.standing = Standing.CANDIDATE if trip.area in FROM_THE_LIST else Standing.ACCREDITED

    def at(self, step: str, minutes: int = 0) -> dt.datetime:
        offset = TIMETABLE[step]
        since_last = self.last + dt.timedelta(days=offset - 4)
        day = since_last if offset > 0 else self.first + dt.timedelta(days=offset)
        return moment(weekday(day), self.trip.number * 7 % 200 + minutes)

    def write(self) -> None:
        self.ask()
        self.enter_in_plan()
        leader = None
        for position, expert in enumerate(self.trip.people, start=1):
            seat = self.seat(position)
            if position == 1 and self.trip.refused:
                self.invite(seat, self.trip.refused, reply="answer_no", minutes=0)
            invitation = self.invite(seat, expert, reply="answer_yes", minutes=30)
            leader = leader or invitation
        self.carry_out(leader)

    def ask(self) -> None:
        year = self.at("draft").year
        self.request = CapacityRequest(
            number=f"R-{year}-{self.past.number(f'request-{year}'):03d}",
            beneficiary=self.beneficiary,
            area=self.past.areas[self.trip.area],
            title=title_of(self.trip.area, self.trip.number, remote=self.trip.remote),
            objective=self.subject.objective,
            audience=self.subject.audience,
            first_day=self.first,
            last_day=self.last,
            mode=self.mode,
            place=town_of(self.trip.member),
            bears_cost=(BearsCost.NO, BearsCost.PARTLY, BearsCost.PARTLY, BearsCost.YES)[self.trip.number % 4],
            cost_note="Meeting room and local transport." if self.trip.number % 4 in {1, 2} else "",
            contact_name=self.host.user.name,
            contact_email=self.host.user.email,
            created_by=self.host.user,
        )
        self.book.start(self.request, by=self.host, at=self.at("draft"), title="Draft begun")
        self.book.move(self.request, "file", by=self.host, at=self.at("file"))
        self.book.move(
            self.request, "check", by=self.rocb, at=self.at("check"), check_note="Fits the priorities of the region."
        )

    def enter_in_plan(self) -> None:
        label = _plan_label(self.first)
        request = self.request
        self.book.move(request, "enter_in_plan", by=self.secretariat, at=self.at("plan"))
        self.mission = Mission(
            number=f"M-{label}-{self.past.number(f'mission-{label}'):03d}",
            request=request,
            title=request.title,
            beneficiary=request.beneficiary,
            area=request.area,
            objective=request.objective,
            audience=request.audience,
            place=request.place,
            first_day=self.first,
            last_day=self.last,
            mode=request.mode,
            financing=Financing.WCO,
            plan_year=plan_year_of(self.first),
        )
        self.book.start(self.mission, by=self.secretariat, at=self.at("plan"), title="Entered in the annual plan")
        self.book.move(
            self.mission, "look_at_own_experts", by=self.secretariat, at=self.at("look"),
            own_experts_note="Nobody of the Secretariat was free in that month.",
        )  # fmt: skip
        self.book.move(
            self.mission, "consult_other_office", by=self.secretariat, at=self.at("consult"),
            consultation_note="Agreed with ROCB A/P by e-mail.",
        )  # fmt: skip
        self.book.move(self.mission, "finalise_shortlist", by=self.rocb, at=self.at("final", 200))

    def seat(self, position: int) -> Seat:
        away = dt.timedelta(days=0 if self.trip.remote else 1)
        seat = Seat(
            mission=self.mission,
            position=position,
            area=self.mission.area,
            category=self.past.categories.get(self.subject.category),
            release_first=self.first - away,
            release_last=self.last + away,
        )
        if self.standing == Standing.CANDIDATE:
            seat.bearer, seat.bearer_agreed_by = Bearer.WCO, self.secretariat.user.name
            seat.bearer_agreed_on = self.at("agree").date()
        self.book.add(seat, self.at("plan"))
        self.book.note(
            self.mission, "add_seat", f"Seat {position} added", by=self.secretariat, at=self.at("plan", 5), private=True
        )
        return seat

    def invite(self, seat: Seat, expert: Expert, *, reply: str, minutes: int) -> Invitation:
        """From the shortlist to the answer of the home administration."""
        book, rocb = self.book, self.rocb
        invitation = Invitation(
            mission=self.mission, seat=seat, expert=expert, standing=self.standing, rank=1 if not minutes else 2,
            facts=[f"{Standing(self.standing).label} in {self.trip.area}", "English"],
        )  # fmt: skip
        listed = self.at("shortlist", minutes)
        book.start(invitation, by=rocb, at=listed, title="Put on the shortlist")
        book.move(invitation, "ask", by=rocb, at=self.at("ask", minutes))
        book.move(invitation, "answer_available", by=rocb, at=self.at("answer", minutes), informal_note="By telephone.")
        confirmations = self.confirm(invitation) if invitation.is_candidate else []
        letter = self.letter(invitation, confirmations, minutes)
        home = Actor(self.cast.focal[expert.administration.code], Party.HOME)
        answered = self.at("reply") - dt.timedelta(days=0 if minutes else 4)
        remark = {"refusal_note": "Needed at home in that month."} if reply == "answer_no" else {}
        book.move(invitation, reply, by=home, at=answered, **remark)
        self.reserve(invitation, letter, alive=reply == "answer_yes")
        return invitation

    def confirm(self, invitation: Invitation) -> list[Confirmation]:
        """The yes of the parties to a listed candidate (§3.1)."""
        said = {
            ConfirmingParty.SECRETARIAT: self.secretariat.user,
            ConfirmingParty.ROCB: self.rocb.user,
            ConfirmingParty.BENEFICIARY: self.host.user,
        }
        found = []
        for n, (party, who) in enumerate(said.items()):
            at = self.at("agree", n)
            confirmation = Confirmation(
                invitation=invitation, party=party, said_by=who.name, said_on=at.date(), note="By e-mail",
                recorded_by=self.rocb.user,
            )  # fmt: skip
            found.append(self.book.add(confirmation, at))
            note = f"{party.label}: {who.name}"
            self.book.move(invitation, "record_agreements", by=self.rocb, at=at, note=note)
        return found

    def letter(self, invitation: Invitation, confirmations: list[Confirmation], minutes: int) -> Letter:
        """Prepared by ROCB, sent by the Secretariat; what it says is frozen as it stood on its day."""
        prepared, sent = self.at("prepare", minutes), self.at("send", minutes)
        day = sent.date()
        label = _plan_label(day)
        letter = Letter(
            mission=self.mission,
            administration=invitation.expert.administration,
            number=f"{label}/{self.past.number(f'letter-{label}'):04d}",
            opening=default_opening(self.mission),
            signatory=signatory(self.secretariat.user),
            prepared_by=self.rocb.user,
            ready_at=prepared,
            sent_at=sent,
            sent_on=day,
            sent_by=self.secretariat.user,
            verification=f"{self.past.draw.getrandbits(48):012X}",
        )
        self.book.add(letter, prepared)
        self.book.move(invitation, "prepare_letter", by=self.rocb, at=prepared, letter=letter)
        self.book.move(invitation, "send_letter", by=self.secretariat, at=sent)
        vars(invitation)["_prefetched_objects_cache"] = {"confirmations": confirmations}
        letter.particulars = plain(particulars_of(letter, [invitation]))
        letter.version = 1
        return letter

    def reserve(self, invitation: Invitation, letter: Letter, *, alive: bool) -> None:
        seat, mission, expert = invitation.seat, self.mission, invitation.expert
        period = ServicePeriod(
            expert=expert,
            first_day=seat.release_first,
            last_day=seat.release_last,
            state=ServiceState.USED if alive else ServiceState.RELEASED,
            place=f"{mission.place}, {mission.beneficiary}",
            title=str(mission),
            role=mission.role,
            under_scheme=mission.under_scheme,
            counts=True,
            source=ServiceSource.MISSION,
            reference=invitation.pk,
            recorded_by=self.secretariat.user,
            version=1,
        )
        self.book.add(period, letter.created_at)
        self.past.days[expert.pk].append(period)
        if alive:
            self.holders = [*getattr(self, "holders", []), invitation]

    def carry_out(self, leader: Invitation | None) -> None:
        assert leader is not None  # noqa: S101 (a mission of the past had somebody)
        book, mission, subject = self.book, self.mission, self.subject
        several = len(self.holders) > 1
        as_leader = Actor(self.cast.account(leader.expert), Party.LEADER)
        book.move(
            mission, "decide_team", by=self.rocb, at=self.at("team"), team_needed=several, leader=leader,
            team_note="Two halves of the agenda." if several else "One expert leads alone.",
        )  # fmt: skip
        if several:
            book.move(
                mission, "write_to_team", by=self.rocb, at=self.at("contact"),
                contact_message="Thank you for taking part. Please share out the agenda among yourselves.",
            )  # fmt: skip
        book.move(
            mission, "prepare", by=as_leader, at=self.at("terms"), agenda=subject.agenda,
            tor_background=subject.background(str(self.beneficiary)), tor_input=subject.required_input,
            tor_result=subject.desired_result,
        )  # fmt: skip
        for holder in self.holders:
            himself = Actor(self.cast.account(holder.expert), Party.EXPERT)
            book.move(holder, "acknowledge_neutrality", by=himself, at=self.at("acknowledge"))
        book.move(mission, "record_start", by=as_leader, at=self.at("start"), actual_first_day=self.first)
        ended = self.at("end")
        book.move(mission, "record_end", by=self.rocb, at=ended, actual_first_day=self.first, actual_last_day=self.last)
        for holder in self.holders:
            book.move(holder, "take_part", by=self.rocb, at=ended)
        self.report(as_leader)

    def report(self, as_leader: Actor) -> None:
        book, subject = self.book, self.subject
        report = Report(
            mission=self.mission,
            due_on=self.last + dt.timedelta(days=int(policy("report.due_days", self.last))),
            **{name: getattr(subject, name) for name in ("purpose", "participants", "activities", "feedback")},
        )
        book.start(report, by=self.rocb, at=self.at("end", 1), title="Report due")
        for n, (code, what, urgency) in enumerate(subject.needs):
            need = FutureNeed(report=report, area=self.past.areas[code], what=what, urgency=urgency)
            book.add(need, self.at("write", n))
        book.move(report, "submit", by=as_leader, at=self.at("submit"))
        reader = self.secretariat if self.trip.number % 4 == 0 else self.rocb
        book.move(report, "accept", by=reader, at=self.at("accept"))
        book.move(self.mission, "mark_reported", by=reader, at=self.at("accept", 1))
        book.move(self.mission, "close", by=self.rocb, at=self.at("close"))


def _plan_label(day: dt.date) -> str:
    year = plan_year_of(day)
    return f"{year}-{(year + 1) % 100:02d}"
