"""One mission on its way through the seven steps, done by the real services at the times of a usual timetable.

Every step is a generator that first yields the days before today on which it happens; the stage runs the steps of all missions
in the order of time, so that numbers, ledger and cap are what they would have been.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from core.workflow import act, in_reach, perform
from experts.enums import Standing
from experts.models import Area, Category, Expert
from members.models import User
from missions import guards, services
from missions.enums import Bearer, BearsCost, ConfirmingParty, Financing, Mode
from missions.letters import default_opening
from missions.models import CapacityRequest, Invitation, Letter, Mission
from missions.queries import find_experts
from missions.workflow import INVITATION
from rocb_portal.demo.names import town_of
from rocb_portal.demo.papers import paper
from rocb_portal.demo.people import Cast
from rocb_portal.demo.subjects import SUBJECTS, title_of

# Days from the day a mission begins.
TIMETABLE = {
    "draft": -103, "file": -100, "check": -97, "plan": -92, "look": -88, "shortlist": -86, "consult": -85, "final": -84,
    "ask": -82, "answer": -79, "agree": -77, "prepare": -75, "send": -73, "reply": -62, "accept_conditions": -59, "team": -56,
    "contact": -54, "terms": -40, "acknowledge": -30, "start": 0, "end": 5, "write": 9, "submit": 14, "accept": 18, "close": 24,
}  # fmt: skip
STEPS = tuple(TIMETABLE)


def signatory(user: User) -> str:
    return f"{user.name}\nWCO Secretariat"


@dataclass
class Part:
    """One person's part in a mission. `informal`: how the consultation ends; `reply`: how the letter is answered."""

    expert: Expert
    seat: int = 1
    informal: str = "available"
    reply: str = "yes"
    words: str = ""
    reason: str = "Has worked on this matter with the host before and knows its law."
    exception: str = ""
    acknowledges: bool = True
    on_paper: bool = False
    invitation: Invitation | None = None

    @property
    def asked(self) -> Invitation:
        assert self.invitation is not None  # noqa: S101 (a part begins with the shortlist)
        self.invitation.refresh_from_db()
        return self.invitation


@dataclass
class Trip:
    """What a mission is about and when it begins, in days from today; with `ahead` it was asked for so much earlier than usual."""

    area: str
    member: str
    begins: int
    parts: list[Part] = field(default_factory=list)
    length: int = 5
    seats: int = 1
    kind: int = 0
    mode: str = Mode.ON_SITE
    bears_cost: str = BearsCost.PARTLY
    donor: str = ""
    monday: bool = True
    until: str = "close"
    ahead: int = 0


class Journey:
    def __init__(self, cast: Cast, trip: Trip, number: int) -> None:
        self.cast, self.trip, self.number = cast, trip, number
        self.subject = SUBJECTS[trip.area]
        self.rocb: User = cast.rocb[number % 4 == 3]
        self.secretariat: User = cast.secretariat[number % 4 == 3]
        self.beneficiary = cast.administrations[trip.member]
        self.first = first_day(cast.day, trip.begins + trip.ahead, monday=trip.monday)
        self.last = self.first + dt.timedelta(days=trip.length - 1)
        self.request: CapacityRequest
        self.mission: Mission

    def go(self, *, after: str = "", until: str = "") -> Iterator[int]:
        """The steps of the timetable, up to and including the last one of the trip."""
        for step in STEPS[STEPS.index(after) + 1 if after else 0 : STEPS.index(until or self.trip.until) + 1]:
            yield self.ago(step)
            getattr(self, step)()

    def ago(self, step: str) -> int:
        late = self.trip.length - 5 if TIMETABLE[step] > 0 else 0
        return -self.trip.begins - TIMETABLE[step] - late

    # Step 1

    def draft(self) -> None:
        trip = self.trip
        focal = self.cast.focal[trip.member]
        self.request = services.draft_request(
            by=focal,
            beneficiary=self.beneficiary,
            area=Area.objects.get(code=trip.area),
            title=title_of(trip.area, trip.kind, remote=trip.mode == Mode.REMOTE),
            objective=self.subject.objective,
            audience=self.subject.audience,
            first_day=self.first,
            last_day=self.last,
            mode=trip.mode,
            place=town_of(trip.member),
            bears_cost=trip.bears_cost,
            cost_note="Meeting room, local transport and interpretation."
            if trip.bears_cost == BearsCost.PARTLY
            else "",
            contact_name=focal.name,
            contact_email=focal.email,
        )

    def file(self) -> None:
        perform(self.request, "file", by=self.cast.focal[self.trip.member])

    def check(self) -> None:
        perform(
            self.request, "check", by=self.rocb, check_note="Fits the priorities of the region; dates are realistic."
        )

    def plan(self) -> None:
        trip = self.trip
        self.mission = services.enter_in_plan(
            self.request,
            by=self.secretariat,
            seats=0,
            title=self.request.title,
            place=self.request.place,
            first_day=self.first,
            last_day=self.last,
            mode=trip.mode,
            financing=Financing.DONOR if trip.donor else Financing.WCO,
            donor=trip.donor,
        )
        category = Category.objects.filter(code=self.subject.category).first()
        for _seat in range(trip.seats):
            services.add_seat(self.mission, by=self.secretariat, category=category)

    def look(self) -> None:
        perform(
            self.mission, "look_at_own_experts", by=self.secretariat,
            own_experts_note="Two colleagues were looked at; both are on other missions in that month.",
        )  # fmt: skip

    # Step 2

    def shortlist(self) -> None:
        for part in self.trip.parts:
            self.put_on_list(part)

    def put_on_list(self, part: Part) -> None:
        seat = self.mission.seats.select_related("mission", "area", "category").get(position=part.seat)
        search = find_experts(seat)
        match, left_out = search.match(part.expert.pk), search.exclusion(part.expert.pk)
        part.invitation = services.shortlist(
            self.mission,
            by=self.rocb,
            seat=seat,
            expert=part.expert,
            standing=match.standing if match else left_out.standing if left_out else Standing.CANDIDATE,
            rank=match.rank if match else len(search.possible) + 1,
            facts=match.facts if match else [left_out.reason] if left_out else [],
            passed_over=match.passes_over if match else 0,
            reason="" if match and not match.passes_over else part.reason,
        )

    def consult(self) -> None:
        perform(
            self.mission, "consult_other_office", by=self.secretariat,
            consultation_note="Spoken through by telephone with ROCB A/P; both offices agree on the order.",
        )  # fmt: skip

    def final(self) -> None:
        perform(self.mission, "finalise_shortlist", by=self.rocb)

    # Step 3

    def ask(self) -> None:
        self.cast.open_accounts(part.expert for part in self.trip.parts)
        for part in self.trip.parts:
            if part.informal:
                perform(part.asked, "ask", by=self.rocb)

    def answer(self) -> None:
        for part in self.trip.parts:
            if part.informal in {"available", "other_dates", "not_available"}:
                by = self.cast.account(part.expert) if self.number % 3 else self.rocb
                perform(part.asked, f"answer_{part.informal}", by=by, informal_note=part.words)

    # Step 4

    def agree(self) -> None:
        """For listed candidates and first-step experts: the yes of every party, and who bears the cost."""
        for part in self.written_to():
            invitation = part.asked
            missing = guards.missing_parties(invitation)
            for party in missing:
                services.record_confirmation(
                    invitation, by=self.rocb, party=party, said_by=self.speaker(party), said_on=self.day_of("agree"),
                    note="By e-mail",
                )  # fmt: skip
            if missing:
                services.record_bearer(
                    invitation, by=self.rocb, bearer=Bearer.DONOR if self.trip.donor else Bearer.WCO,
                    agreed_by=self.trip.donor or self.secretariat.name, agreed_on=self.day_of("agree"),
                )  # fmt: skip

    def speaker(self, party: str) -> str:
        return {
            ConfirmingParty.SECRETARIAT: self.secretariat.name,
            ConfirmingParty.ROCB: self.rocb.name,
            ConfirmingParty.BENEFICIARY: self.cast.focal[self.trip.member].name,
        }.get(ConfirmingParty(party), self.trip.donor)

    def written_to(self) -> list[Part]:
        return [part for part in self.trip.parts if part.informal == "available" and part.reply]

    def prepare(self) -> None:
        """One letter for each home administration."""
        homes: dict[Any, list[Part]] = {}
        for part in self.written_to():
            homes.setdefault(part.expert.administration_id, []).append(part)
        for parts in homes.values():
            services.prepare_letter(
                self.mission,
                by=self.rocb,
                invitations=[part.asked for part in parts],
                opening=default_opening(self.mission),
                exception_reason=" ".join(part.exception for part in parts).strip(),
            )

    def send(self) -> None:
        """The letters of this mission that are ready; on paper, the scan of the signed one is kept."""
        on_paper = {part.expert.administration_id for part in self.trip.parts if part.on_paper}
        for letter in Letter.objects.filter(mission=self.mission, sent_at=None).order_by("created_at"):
            by_post = letter.administration_id in on_paper
            scan = paper("Signed letter", "Letter to the home administration", self.mission.title, "Signed and sealed")
            services.send_letter(
                letter, by=self.secretariat, version=letter.version, signatory=signatory(self.secretariat), on_paper=by_post,
                scan=scan if by_post else None,
            )  # fmt: skip

    # Step 5

    def reply(self) -> None:
        for part in self.written_to():
            if part.reply != "silence":
                self.answer_letter(part)

    def answer_letter(self, part: Part) -> None:
        focal = self.cast.focal[part.expert.administration.code]
        answer = {"declined": "conditions", "accepted": "conditions"}.get(part.reply, part.reply)
        answers: dict[str, Any] = {}
        if answer == "conditions":
            answers["conditions"] = part.words or "Released if the travel begins after our budget week."
        if answer == "other_officer":
            name = self.cast.names.of(part.expert.administration.code)
            answers = {
                "other_name": " ".join(name),
                "other_note": "Heads the same section and taught in two regional courses.",
            }
        if answer == "no":
            answers["refusal_note"] = part.words
        if part.on_paper:
            answers["scan"] = paper("Answer", "Answer of the home administration", self.mission.title, "By post")
        services.answer_letter(
            part.asked, by=self.rocb if part.on_paper else focal, answer=f"answer_{answer}",
            grants_exception=bool(part.exception), **answers,
        )  # fmt: skip

    def accept_conditions(self) -> None:
        for part in self.trip.parts:
            if part.reply in {"accepted", "declined"}:
                name = "accept_conditions" if part.reply == "accepted" else "decline_conditions"
                words = (
                    "Agreed; the travel is booked after that week."
                    if part.reply == "accepted"
                    else "The dates cannot move."
                )
                act(part.asked, name, by=self.rocb, note=words)

    # Steps 6 and 7

    def team(self) -> None:
        team = self.fresh().team()
        act(
            self.mission, "decide_team", by=self.rocb, team_needed=len(team) > 1, leader=str(self.leader().asked.pk),
            team_note="Two halves of the agenda, one expert each." if len(team) > 1 else "One expert leads alone.",
        )  # fmt: skip

    def leader(self) -> Part:
        return next(part for part in self.trip.parts if part.reply in {"yes", "accepted"})

    def contact(self) -> None:
        if self.mission.team_needed:
            perform(
                self.mission, "write_to_team", by=self.rocb,
                contact_message="Thank you for taking part. Please agree among yourselves who presents which half of the agenda.",
            )  # fmt: skip

    def terms(self) -> None:
        services.prepare(
            self.mission,
            by=self.cast.account(self.leader().expert),
            version=self.fresh().version,
            tor_background=self.subject.background(str(self.beneficiary)),
            tor_input=self.subject.required_input,
            tor_result=self.subject.desired_result,
            agenda=self.subject.agenda,
        )
        self.add("agenda", "Agenda for the host", *self.subject.agenda.split("\n"))
        self.add("presentation", f"Introduction to {self.subject.topic}", "Slides of the first day")

    def add(self, kind: str, title: str, *lines: str) -> None:
        services.add_material(
            self.mission,
            by=self.cast.account(self.leader().expert),
            kind=kind,
            title=title,
            upload=paper(title, title, *lines),
        )

    def acknowledge(self) -> None:
        for part in self.trip.parts:
            if part.acknowledges and in_reach(part.asked, INVITATION.transition("acknowledge_neutrality")):
                perform(part.asked, "acknowledge_neutrality", by=self.cast.account(part.expert))

    def start(self) -> None:
        perform(self.mission, "record_start", by=self.cast.account(self.leader().expert), actual_first_day=self.first)

    def end(self) -> None:
        services.record_end(
            self.fresh(), by=self.rocb, actual_first_day=self.first, actual_last_day=self.last,
            away={i.pk: i.seat.release for i in self.fresh().team()},
        )  # fmt: skip

    # Report

    def write(self) -> None:
        report = self.fresh().report
        sections = {name: getattr(self.subject, name) for name in ("purpose", "participants", "activities", "feedback")}
        needs = [
            {"area": Area.objects.get(code=code), "what": what, "urgency": urgency}
            for code, what, urgency in self.subject.needs
        ]
        services.save_report(
            report, by=self.cast.account(self.leader().expert), version=report.version, needs=needs, **sections
        )

    def submit(self) -> None:
        perform(self.fresh().report, "submit", by=self.cast.account(self.leader().expert))

    def accept(self) -> None:
        act(self.fresh().report, "accept", by=self.rocb)

    def close(self) -> None:
        perform(self.fresh(), "close", by=self.rocb)

    def fresh(self) -> Mission:
        self.mission = Mission.objects.get(pk=self.mission.pk)
        return self.mission

    def day_of(self, step: str) -> dt.date:
        return self.days_ago(self.ago(step))

    def days_ago(self, days: int) -> dt.date:
        return self.cast.day - dt.timedelta(days=days)


def first_day(day: dt.date, begins: int, *, monday: bool) -> dt.date:
    """The day a mission begins: a Monday, the next one if it lies ahead and the last one if not."""
    first = day + dt.timedelta(days=begins)
    if not monday:
        return first
    return first + dt.timedelta(days=-first.weekday() % 7 if begins > 0 else -first.weekday())
