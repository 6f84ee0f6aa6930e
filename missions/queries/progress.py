"""Where a mission stands, what waits on it and for whom, and what may be told of its history."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.clock import day_of, day_words
from core.history import history_of
from core.models import LogEntry
from core.workflow import Transition, binding_of, blocked, in_reach, parties_of, transition_url
from missions.enums import Party
from missions.models import FILLED, CapacityRequest, Invitation, Mission, Seat
from missions.workflow import INVITATION, MISSION, STEPS


@dataclass(frozen=True, slots=True)
class StepView:
    """One step as the bar shows it: done, current, blocked, not_needed or todo, with its day or who must act."""

    n: int
    title: str
    status: str
    note: str = ""
    date: dt.date | None = None


def current_step(mission: Mission) -> int:
    """The step the mission stands at; while inviting, that of the seat that is furthest behind."""
    step = MISSION.state(mission.state).step
    if not in_reach(mission, MISSION.transition("decide_team")):
        return step
    return min((_seat_step(seat) for seat in mission.open_seats()), default=step)


def _seat_step(seat: Seat) -> int:
    alive = [INVITATION.state(i.state).step for i in seat.running()]
    holder = seat.holder()
    return 6 if holder else max(alive, default=3)


def step_dates(mission: Mission) -> dict[int, dt.date]:
    """The day on which each step was done."""
    report = getattr(mission, "report", None)
    planned = mission.request.planned_at if mission.request else None
    moments = {
        1: planned or mission.created_at,
        2: mission.consulted_at,
        3: max((i.answered_at for i in mission.invitations() if i.answered_at), default=None),
        4: max((i.letter_sent_at for i in mission.invitations() if i.letter_sent_at), default=None),
        5: max((i.replied_at for i in mission.team() if i.replied_at), default=None),
        6: mission.team_decided_at,
        8: report.accepted_at if report else None,
    }
    found = {n: day_of(moment) for n, moment in moments.items() if moment}
    return found | ({7: mission.actual_last_day} if mission.actual_last_day else {})


def progress(mission: Mission, *, discreet: bool = False) -> list[StepView]:
    """The seven steps of §3.4; the report of §3.5 comes after them. "Not needed" is not "done" (pitfall P18).

    `discreet` is the bar for everybody but the offices: no word and no day of the search, of informal answers, of letters to others.
    """
    now, dates = current_step(mission), step_dates(mission)
    found = []
    for step in STEPS[:7]:
        status, note = _status(mission, step.n, now, discreet)
        shown = status == "done" and not (discreet and step.n in DISCREET_STEPS)
        found.append(StepView(step.n, str(step.title), status, note, dates.get(step.n) if shown else None))
    return found


# What happens in these steps is between the offices and whom they ask.
DISCREET_STEPS = frozenset({2, 3, 4, 5})


def _status(mission: Mission, n: int, now: int, discreet: bool) -> tuple[str, str]:
    if now == 0:
        return ("done", "") if n == 1 else ("not_needed", _("cancelled"))
    if n == 6 and mission.team_decided_at and not mission.team_needed:
        return "not_needed", _("no team needed")
    if n < now:
        return "done", ""
    if n > now:
        return "todo", ""
    says = str(STEPS[n - 1].says)
    if discreet:
        return "current", says
    waiting = [(row, thing) for row, thing in who_must_act(mission) if row.tone == "primary"] or who_must_act(mission)
    if waiting:
        row, thing = waiting[0]
        return "current", _("%(who)s, since %(day)s") % {
            "who": who_acts(row, thing),
            "day": day_words(thing.state_since),
        }
    reason = what_blocks(mission)
    return ("blocked", reason) if reason else ("current", says)


def what_blocks(mission: Mission) -> str:
    """Why the next move of the mission's own table is not possible, in a sentence; empty when it is."""
    for row in MISSION.transitions:
        forward = row.target and not row.hidden and row.tone == "primary"
        if forward and in_reach(mission, row):
            return blocked(mission, row)
    return ""


def who_must_act(mission: Mission) -> list[tuple[Transition, Any]]:
    """The rows that wait in somebody's inbox now, of the mission and of everything on it."""
    things = [mission, *mission.invitations()]
    if getattr(mission, "report", None):
        things.append(mission.report)
    return [(row, thing) for thing in things for row in _waiting_rows(thing)]


def _waiting_rows(thing: Any) -> list[Transition]:
    return [
        row
        for row in binding_of(thing).machine.transitions
        if row.inbox
        and in_reach(thing, row)
        and not (row.inbox_if and not row.inbox_if(thing))
        and not blocked(thing, row)
    ]


def who_acts(row: Transition, thing: Any) -> str:
    """The parties of a row by their names: the administration, the expert, the leader, else the office."""
    return _(" or ").join(
        _party_name(party, thing) for party in sorted(row.parties, key=lambda party: list(Party).index(Party(party)))
    )


def _party_name(party: Any, thing: Any) -> str:
    mission = thing if isinstance(thing, Mission) else getattr(thing, "mission", None)
    if isinstance(thing, Invitation) and party in {Party.HOME, Party.EXPERT}:
        return str(thing.expert.administration if party == Party.HOME else thing.expert)
    if party == Party.BENEFICIARY:
        return str(thing.beneficiary if mission is None else mission.beneficiary)
    if party == Party.LEADER and mission is not None and mission.leader:
        return str(mission.leader.expert)
    return str(Party(party).label)


@dataclass(frozen=True, slots=True)
class Move:
    """Something that waits on a mission: the sentence, whom it waits for, since when, and where it is done or noted."""

    sentence: str
    who: str
    since: dt.datetime
    mine: bool
    url: str
    button: str
    due: dt.date | None = None


def moves(user: Any, mission: Mission) -> list[Move]:
    """What waits on the mission: the offices see all of it, others what waits for them; one's own first, oldest first."""
    found = [_move(user, row, thing) for row, thing in who_must_act(mission)]
    return _own_first(move for move in found if move.mine or user.is_office)


def request_moves(user: Any, request: CapacityRequest) -> list[Move]:
    """What waits on a request, and on whom: no secret to whoever sees it."""
    return _own_first(_move(user, row, request) for row in _waiting_rows(request))


def _move(user: Any, row: Transition, thing: Any) -> Move:
    parties = parties_of(user, thing)
    mine, noted = bool(parties & row.parties), bool(parties & row.on_behalf)
    return Move(
        sentence=str(row.inbox).format(**thing.inbox_words),
        who=who_acts(row, thing),
        since=thing.state_since,
        mine=mine,
        url=transition_url(thing, row) if mine or noted else thing.get_absolute_url() if user.is_office else "",
        button=str(row.button or row.label) if mine else _("Note it for them") if noted else _("Open"),
        due=getattr(thing, row.due) if row.due else None,
    )


def _own_first(found: Iterable[Move]) -> list[Move]:
    return sorted(found, key=lambda move: (not move.mine, move.due or dt.date.max, move.since))


def history_for(user: Any, mission: Mission) -> QuerySet[LogEntry]:
    """The mission's history with that of what hangs on it; private lines only for the offices and whoever acted.

    Of other people's invitations a reader learns no more than that they are approved: nothing of letters, answers and conditions.
    """
    lines = history_of(mission.pk, *([mission.request_id] if mission.request_id else []))
    # The line of the invitation says the same with the name and the reason.
    lines = lines.exclude(object_id=mission.pk, name="shortlist")
    if user.is_office:
        return lines
    seen = Invitation.objects.visible_to(user).filter(mission=mission)
    concerned = seen.filter(Q(expert__user=user) | Q(expert__administration__in=user.administration_ids()))
    open_lines = Q(object_id=mission.pk) | Q(object_id__in=concerned.values("pk"))
    open_lines |= Q(object_id__in=seen.values("pk"), from_state__in=FILLED)
    if mission.request_id and mission.beneficiary_id in user.administration_ids():
        open_lines |= Q(object_id=mission.request_id)
    return lines.filter(Q(private=False) & open_lines | Q(by=user))


def history_of_one(user: Any, thing: Any) -> QuerySet[LogEntry]:
    """The history of a request or an invitation; private lines only for the offices and whoever acted."""
    lines = history_of(thing.pk)
    if user.is_office:
        return lines
    lines = lines.filter(Q(private=False) | Q(by=user))
    if isinstance(thing, Invitation) and not parties_of(user, thing) & {Party.HOME, Party.EXPERT}:
        return lines.filter(from_state__in=FILLED)
    return lines
