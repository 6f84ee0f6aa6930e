"""What lists and tabs of missions show: as far as each reader may see it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet

from core.dated_policy import policy
from core.history import history_of
from core.workflow import blocked, in_reach, parties_of
from missions.enums import Party
from missions.models import FINAL, CapacityRequest, Invitation, Mission, Seat
from missions.queries.progress import current_step, moves, who_must_act
from missions.workflow import INVITATION, MISSION, REQUEST, STEPS


@dataclass(frozen=True, slots=True)
class MissionRow:
    """A mission in a list: where it stands and, for the offices, whose it is."""

    mission: Mission
    step: Any
    waits_for: str = ""
    mine: bool = False


def mission_row(user: Any, mission: Mission) -> MissionRow:
    step = next((s for s in STEPS if s.n == current_step(mission)), None)
    waiting = moves(user, mission)
    return MissionRow(
        mission, step, waits_for=waiting[0].who if waiting else "", mine=bool(waiting) and waiting[0].mine
    )


# A table says what waits, not the database: so many running missions are looked at, the soonest first.
MOST_LOOKED_AT = 300


def missions_waiting_for(user: Any) -> list[Any]:
    """The keys of the missions on which something waits for this person in the own name."""
    running = Mission.objects.visible_to(user).filter(state__in=MISSION.values(final=False)).with_people()
    return [
        mission.pk
        for mission in running.order_by("first_day", "pk")[:MOST_LOOKED_AT]
        if any(parties_of(user, thing) & row.parties for row, thing in who_must_act(mission))
    ]


@dataclass(frozen=True, slots=True)
class SeatView:
    """A seat and whom this reader may know of on it; `shows_terms`: days away and cost are for those the letter concerns."""

    seat: Seat
    people: list[Invitation]
    shows_terms: bool
    holder: Invitation | None
    needs_somebody: bool


def seats_for(user: Any, mission: Mission) -> list[SeatView]:
    if user.is_office:
        seen = {i.pk for i in mission.invitations()}
    else:
        seen = set(Invitation.objects.visible_to(user).filter(mission=mission).values_list("pk", flat=True))
    concerned = {Party.HOME, Party.EXPERT}
    found = []
    for seat in mission.seats.all() if user.is_office else mission.open_seats():
        people = [i for i in mission.invitations() if i.seat_id == seat.pk and i.pk in seen]
        people.sort(key=lambda i: (i.state in FINAL, i.rank, i.created_at))
        terms = user.is_office or any(parties_of(user, i) & concerned for i in people)
        found.append(
            SeatView(
                seat, people, terms, seat.holder(), not seat.is_dropped and not seat.running() and not seat.holder()
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class AnswerView:
    """A person a letter asked for; `in_full`: the words of the answer are for the offices, the home administration, the person."""

    invitation: Invitation
    in_full: bool


def answers_for(user: Any, mission: Mission) -> list[AnswerView]:
    """Everybody a letter was sent about whom this reader may know of."""
    seen = {i.pk for view in seats_for(user, mission) for i in view.people}
    asked = [i for i in mission.invitations() if i.pk in seen and i.letter_sent_at]
    full = {Party.ROCB, Party.SECRETARIAT, Party.HOME}
    return [
        AnswerView(i, bool((who := parties_of(user, i)) & full) or (Party.EXPERT in who and i.replied_at is not None))
        for i in asked
    ]


def without_letter(mission: Mission) -> list[Invitation]:
    """Those who said that they are available and of whom no letter has been sent."""
    row = INVITATION.transition("send_letter")
    return [i for i in mission.invitations() if in_reach(i, row)]


def plan_years(missions: QuerySet[Mission]) -> list[int]:
    """The plan years that hold one of these missions, newest first."""
    return list(missions.order_by("-plan_year").values_list("plan_year", flat=True).distinct())


def with_words(rows: QuerySet[Any], words: str, fields: Iterable[str]) -> QuerySet[Any]:
    """The rows in which every word is found in one of the fields (wish W8)."""
    for word in words.split():
        rows = rows.filter(reduce(or_, (Q(**{f"{name}__icontains": word}) for name in fields)))
    return rows


@dataclass(frozen=True, slots=True)
class AnnualPlan:
    """What the plan of a year holds, and what waits to be entered (§3.4 step 1)."""

    year: int
    missions: Sequence[Any]  # missions with their `seat_count`
    waiting: Sequence[CapacityRequest]
    by_state: list[tuple[Any, int]]


def annual_plan(user: Any, year: int) -> AnnualPlan:
    first, last = plan_span(year)
    missions = list(
        Mission.objects.visible_to(user)
        .filter(plan_year=year)
        .select_related("beneficiary", "area", "request")
        .annotate(seat_count=Count("seats", filter=Q(seats__is_dropped=False)))
        .order_by("first_day", "number")
    )
    waiting = list(
        CapacityRequest.objects.visible_to(user)
        .filter(state__in=REQUEST.values(final=False), first_day__range=(first, last))
        .exclude(state=REQUEST.initial)
        .select_related("beneficiary", "area")
        .order_by("first_day", "number")
    )
    held = Counter(m.state for m in missions)
    return AnnualPlan(year, missions, waiting, [(s, held[s.value]) for s in MISSION.states if held[s.value]])


@dataclass(frozen=True, slots=True)
class StandingAnswer:
    """An answer as it was recorded: about whom, in the words of the table, when and by whom."""

    expert: str
    words: str
    at: dt.datetime
    actor: str


def answers_that_stand(invitations: Iterable[Invitation], *, formal: bool) -> list[StandingAnswer]:
    """The last informal or formal answer about each, unless the question has been put anew since."""
    stamp, asks = ("replied_at", "send_letter") if formal else ("answered_at", "ask")
    given = {row.name: row.label for row in INVITATION.transitions if row.stamps == stamp}
    found = []
    for invitation in invitations:
        last = history_of(invitation.pk).filter(name__in=[*given, asks], object_id=invitation.pk).first()
        if last is not None and last.name in given:
            found.append(StandingAnswer(invitation.expert.name, str(given[last.name]), last.at, last.actor))
    return found


def plan_span(year: int) -> tuple[dt.date, dt.date]:
    """The first and the last day of a plan year."""
    month = int(policy("plan.first_month", dt.date(year, 7, 1)))
    return dt.date(year, month, 1), dt.date(year + 1, month, 1) - dt.timedelta(days=1)


def ready_for_letter(invitation: Invitation) -> list[Invitation]:
    """Those of one administration on one mission who are ready together and share a letter (pitfall P22)."""
    row = INVITATION.transition("prepare_letter")
    others = Invitation.objects.with_standing().filter(
        mission=invitation.mission_id, expert__administration=invitation.expert.administration_id
    )
    return [i for i in others if in_reach(i, row) and not blocked(i, row)]


# Preparation and report


def missing_before_start(mission: Mission) -> list[str]:
    """Every reason why the mission cannot be recorded as begun yet, not only the first."""
    return [reason for guard in MISSION.transition("record_start").guards if (reason := guard(mission))]


def absent_from(mission: Mission) -> list[Invitation]:
    """Who was expected and did not come (wish W5)."""
    absent = INVITATION.transition("record_no_show").target
    return [i for i in mission.invitations() if i.state == absent]
