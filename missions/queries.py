"""Reads across missions: the step bar, the search that explains itself, lists for pages."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candidates.models import Listing
from core.clock import today
from core.history import history_of
from core.models import LogEntry
from core.workflow import Transition, binding_of, blocked, in_reach, parties_of, transition_url
from experts import ledger
from experts.enums import Stage, Standing
from experts.models import Expert
from missions.enums import Party
from members.models import Administration, User
from missions.models import FILLED, Invitation, Mission, Report, Seat
from missions.workflow import INVITATION, MISSION, REPORT, STEPS

# The step bar


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
    sent = [i.letter_sent_at.date() for i in mission.invitations() if i.letter_sent_at]
    replied = [i.replied_at.date() for i in mission.team() if i.replied_at]
    answered = [i.answered_at.date() for i in mission.invitations() if i.answered_at]
    report = getattr(mission, "report", None)
    found = {
        1: mission.request.planned_at.date()
        if mission.request and mission.request.planned_at
        else mission.created_at.date(),
        2: mission.consulted_at and mission.consulted_at.date(),
        3: max(answered, default=None),
        4: max(sent, default=None),
        5: max(replied, default=None),
        6: mission.team_decided_at and mission.team_decided_at.date(),
        7: mission.actual_last_day,
        8: report.accepted_at.date() if report and report.accepted_at else None,
    }
    return {n: day for n, day in found.items() if day}


def progress(mission: Mission, *, discreet: bool = False) -> list[StepView]:
    """The seven steps and the report. "Not needed" is not "done" (pitfall P18).

    `discreet` is the bar for everybody but the offices: no word and no day of the search, of informal answers, of letters to others.
    """
    now, dates = current_step(mission), step_dates(mission)
    if discreet:
        dates = {n: day for n, day in dates.items() if n not in DISCREET_STEPS}
    return [
        StepView(step.n, str(step.title), *_status(mission, step.n, now, discreet), date=dates.get(step.n))
        for step in STEPS
    ]


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
        return "current", _("%(who)s, since %(day)s") % {"who": who_acts(row, thing), "day": _day(thing.state_since)}
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
    found = []
    for thing in things:
        for row in binding_of(thing).machine.transitions:
            waits = row.inbox and in_reach(thing, row) and not (row.inbox_if and not row.inbox_if(thing))
            if waits and not blocked(thing, row):
                found.append((row, thing))
    return found


def who_acts(row: Transition, thing: Any) -> str:
    """The parties of a row by their names: the administration, the expert, the leader, else the office."""
    return _(" or ").join(_party_name(party, thing) for party in sorted(row.parties, key=list(Party).index))


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
    found = []
    for row, thing in who_must_act(mission):
        parties = parties_of(user, thing)
        mine, noted = bool(parties & row.parties), bool(parties & row.on_behalf)
        if not mine and not user.is_office:
            continue
        found.append(
            Move(
                sentence=str(row.inbox).format(**thing.inbox_words),
                who=who_acts(row, thing),
                since=thing.state_since,
                mine=mine,
                url=transition_url(thing, row) if mine or noted else thing.get_absolute_url(),
                button=str(row.button or row.label) if mine else _("Note it for them") if noted else _("Open"),
                due=thing.due_on,
            )
        )
    return sorted(found, key=lambda move: (not move.mine, move.due or dt.date.max, move.since))


def history_for(user: Any, mission: Mission) -> QuerySet[LogEntry]:
    """The mission's history with that of what hangs on it; private lines only for the offices and whoever acted."""
    lines = history_of(mission.pk, *([mission.request_id] if mission.request_id else []))
    if user.is_office:
        return lines
    seen = Invitation.objects.visible_to(user).filter(mission=mission).values("pk")
    open_lines = Q(object_id=mission.pk) | Q(object_id__in=seen)
    if mission.request_id and mission.beneficiary_id in user.administration_ids():
        open_lines |= Q(object_id=mission.request_id)
    return lines.filter(Q(private=False) & open_lines | Q(by=user))


def history_of_one(user: Any, thing: Any) -> QuerySet[LogEntry]:
    """The history of a request or an invitation; private lines only for the offices and whoever acted."""
    lines = history_of(thing.pk)
    return lines if user.is_office else lines.filter(Q(private=False) | Q(by=user))


# The search (§3.4 step 2)


@dataclass(frozen=True, slots=True)
class Match:
    """Somebody who could go, with the facts that say why, best first in the order of the framework."""

    expert: Expert
    standing: Standing
    facts: list[str]
    cap: ledger.CapCheck
    last_used: dt.date | None
    to_beneficiary: int
    parts: list[tuple[str, int, int]]
    rank: int = 0
    on_list: Invitation | None = None

    @property
    def score(self) -> int:
        return sum(points for _name, points, _most in self.parts)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Somebody who cannot go: why, with the figure and the day, and what would change it."""

    expert: Expert
    standing: Standing
    reason: str
    change: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    seat: Seat
    possible: list[Match] = field(default_factory=list)
    excluded: list[Exclusion] = field(default_factory=list)


ORDER = {Standing.ACCREDITED: 0, Standing.FIRST_STEP: 1, Standing.CANDIDATE: 2}


def standing_in(expert: Expert, seat: Seat, day: dt.date, listed: Iterable[Any]) -> Standing:
    """How a person stands to a seat's area and category on a day: accredited before first step before listed candidate."""
    fitting = [
        a.stage_on(day)
        for a in expert.accreditations.all()
        if (seat.category_id is None or a.category_id == seat.category_id) and (a.area_id == seat.area_id or (seat.category_id and a.area_id is None))
    ]  # fmt: skip
    if Stage.FULL in fitting:
        return Standing.ACCREDITED
    if Stage.FIRST_STEP in fitting or Stage.ENTRY_PENDING in fitting:
        return Standing.FIRST_STEP
    return Standing.CANDIDATE if expert.pk in listed else Standing.NONE


def find_experts(seat: Seat, *, languages: Iterable[str] = (), day: dt.date | None = None) -> Search:
    """Everybody of the seat's area and category: accredited before first step before candidates (§3.4 step 2), each with the facts;
    and each who cannot go, with the reason. A fixed number of queries."""
    on = day or today()
    mission = seat.mission
    listed = set(Listing.objects.open(on).filter(area_id=seat.area_id).values_list("expert_id", flat=True))
    known = Expert.objects.filter(
        Q(pk__in=listed)
        | Q(accreditations__area_id=seat.area_id)
        | Q(accreditations__category_id=seat.category_id, accreditations__area__isnull=True)
    )
    invited = {
        i.expert_id: i
        for i in Invitation.objects.filter(mission=mission)
        if i.state in INVITATION.values(final=False) + FILLED
    }
    served = {
        row["expert"]: row
        for row in Invitation.objects.filter(state__in=FILLED)
        .values("expert")
        .annotate(
            last=Max("seat__release_last"), here=Count("pk", filter=Q(mission__beneficiary=mission.beneficiary_id))
        )
    }
    result = Search(seat)
    for expert in known.distinct().with_ledger():
        standing = standing_in(expert, seat, on, listed)
        if standing == Standing.NONE:
            continue
        found = _judge(expert, seat, standing, set(languages), served.get(expert.pk, {}), on, invited.get(expert.pk))
        (result.possible if isinstance(found, Match) else result.excluded).append(found)  # type: ignore[arg-type]
    ordered = sorted(
        result.possible, key=lambda m: (ORDER[m.standing], -m.score, m.last_used or dt.date.min, m.expert.family_name)
    )
    return Search(
        seat,
        [replace(m, rank=n) for n, m in enumerate(ordered, 1)],
        sorted(result.excluded, key=lambda e: ORDER[e.standing]),
    )


def _judge(
    expert: Expert, seat: Seat, standing: Standing, languages: set[str], served: dict[str, Any], on: dt.date,
    on_list: Invitation | None,
) -> Match | Exclusion:  # fmt: skip
    first, last = seat.release
    if expert.left_on and expert.left_on <= last:
        return Exclusion(expert, standing, _("Left on %(day)s.") % {"day": _day(expert.left_on)})
    if expert.administration_id == seat.mission.beneficiary_id:
        return Exclusion(
            expert,
            standing,
            _("Is an official of the beneficiary administration."),
            _("No release from abroad is needed; ask it directly."),
        )
    away = [u for u in expert.unavailabilities.all() if u.first_day <= last and u.last_day >= first]
    if away:
        return Exclusion(
            expert, standing, _("Not available %(days)s.") % {"days": _span(away[0].first_day, away[0].last_day)},
            _("Free again from %(day)s.") % {"day": _day(max(u.last_day for u in away) + dt.timedelta(days=1))},
        )  # fmt: skip
    without = on_list.pk if on_list else None
    clash = ledger.overlapping(expert, (first, last), without=without)
    if clash:
        return Exclusion(
            expert, standing, _("Away %(days)s on another mission (%(place)s).")
            % {"days": _span(clash[0].first_day, clash[0].last_day), "place": clash[0].place},
            _("Free again from %(day)s.") % {"day": _day(max(c.last_day for c in clash) + dt.timedelta(days=1))},
        )  # fmt: skip
    cap = ledger.check(expert, (first, last), without=without)
    if not cap.fits:
        earliest = ledger.earliest(expert, seat.release_days, first, without=without)
        return Exclusion(
            expert, standing, _("Would reach %(after)d of %(limit)d days (§3.2); %(before)d are used or reserved.")
            % {"after": cap.after, "limit": cap.limit, "before": cap.before},
            _("A mission of %(n)d days fits from %(day)s.") % {"n": seat.release_days, "day": _day(earliest)} if earliest else "",
        )  # fmt: skip
    spoken = {row.language for row in expert.languages.all()}
    if languages - spoken:
        return Exclusion(
            expert, standing, _("Does not speak %(languages)s.") % {"languages": ", ".join(sorted(languages - spoken))},
            _("Search without this language."),
        )  # fmt: skip
    return _match(expert, seat, standing, cap, served, on, spoken, on_list)


def _match(
    expert: Expert, seat: Seat, standing: Standing, cap: ledger.CapCheck, served: dict[str, Any], on: dt.date, spoken: set[str],
    on_list: Invitation | None,
) -> Match:  # fmt: skip
    used = [p.last_day for p in ledger.alive(expert) if p.last_day < on]
    last_used = max([*used, *([served["last"]] if served and served["last"] < on else [])], default=None)
    here = served.get("here", 0) if served else 0
    months = (on - last_used).days // 30 if last_used else None
    facts = [_standing_fact(expert, seat, standing)]
    facts.append(_("free %(days)s") % {"days": _span(*seat.release)})
    facts.append(
        _("cap %(before)d → %(after)d of %(limit)d") % {"before": cap.before, "after": cap.after, "limit": cap.limit}
        if cap.binds
        else _("not bound by the cap; %(after)d days with this mission") % {"after": cap.after}
    )
    facts.append(
        _("not used yet")
        if months is None
        else ngettext("last used %(n)d month ago", "last used %(n)d months ago", months) % {"n": months}
    )
    if here:
        facts.append(
            ngettext("%(n)d mission to this beneficiary", "%(n)d missions to this beneficiary", here) % {"n": here}
        )
    if spoken:
        facts.append(", ".join(sorted(spoken)))
    room = max(0, cap.limit - cap.after)
    parts = [
        (_("Room left under the cap"), round(40 * room / cap.limit), 40),
        (_("Not used lately"), 30 if months is None else min(30, months), 30),
        (_("Knows the beneficiary"), min(20, 10 * here), 20),
        (_("Languages"), min(10, 5 * len(spoken)), 10),
    ]
    return Match(expert, standing, facts, cap, last_used, here, parts, on_list=on_list)


def _standing_fact(expert: Expert, seat: Seat, standing: Standing) -> str:
    rows = [a for a in expert.accreditations.all() if a.area_id == seat.area_id or a.area_id is None]
    if standing == Standing.ACCREDITED:
        days = [a.full_from for a in rows if a.full_from]
        return _("fully accredited in %(area)s since %(year)s") % {"area": seat.area.code, "year": min(days).year}
    if standing == Standing.FIRST_STEP:
        days = [a.first_step_on or a.accredited_on for a in rows if a.first_step_on or a.accredited_on]
        return _("first step in %(area)s since %(year)s") % {"area": seat.area.code, "year": min(days).year}
    return _("listed candidate in %(area)s") % {"area": seat.area.code}


def _day(day: dt.date) -> str:
    return date_format(day, "j M Y")


def _span(first: dt.date, last: dt.date) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{_day(last)}"
    return f"{_day(first)} – {_day(last)}"


# Letters


@dataclass(frozen=True, slots=True)
class Addressees:
    """The focal points of an administration who are there today, and in copy those who are away; if all are away, all of them."""

    to: list[User]
    cc: list[User]

    @property
    def everybody(self) -> list[User]:
        return [*self.to, *self.cc]


def addressees(administration: Administration, day: dt.date | None = None) -> Addressees:
    on = day or today()
    people = list(User.objects.focal_points(administration).prefetch_related("absences"))
    present = [user for user in people if not any(absence.covers(on) for absence in user.absences.all())]
    return Addressees(present or people, [user for user in people if present and user not in present])


# Lists


def ready_for_letter(invitation: Invitation) -> list[Invitation]:
    """Those of one administration on one mission who are ready together and share a letter (pitfall P22)."""
    row = INVITATION.transition("prepare_letter")
    others = Invitation.objects.with_standing().filter(
        mission=invitation.mission_id, expert__administration=invitation.expert.administration_id
    )
    return [i for i in others if in_reach(i, row) and not blocked(i, row)]


def overdue_reports(user: Any) -> QuerySet[Any]:
    """Reports that are due, not only those submitted (wish W27)."""
    return (
        Report.objects.visible_to(user)
        .filter(state__in=REPORT.transition("write").sources, due_on__lt=today())
        .select_related("mission__beneficiary")
    )
