"""Reads across missions: the step bar, the search that explains itself, lists for pages."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candidates.models import Listing
from core.clock import today
from core.dated_policy import policy, read_once
from core.history import history_of
from core.models import LogEntry
from core.workflow import Transition, binding_of, blocked, in_reach, parties_of, transition_url
from experts import ledger
from experts.enums import Stage, Standing
from experts.models import Accreditation, Expert, ExpertLanguage
from missions.enums import InvitationState as I
from missions.enums import Party
from missions.models import FILLED, FINAL, CapacityRequest, Invitation, Mission, Report, Seat
from missions.workflow import INVITATION, MISSION, REPORT, REQUEST, STEPS

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
        due=thing.due_on,
    )


def _own_first(found: Iterable[Move]) -> list[Move]:
    return sorted(found, key=lambda move: (not move.mine, move.due or dt.date.max, move.since))


def history_for(user: Any, mission: Mission) -> QuerySet[LogEntry]:
    """The mission's history with that of what hangs on it; private lines only for the offices and whoever acted."""
    lines = history_of(mission.pk, *([mission.request_id] if mission.request_id else []))
    # The line of the invitation says the same with the name and the reason.
    lines = lines.exclude(object_id=mission.pk, name="shortlist")
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
    """Somebody who could go, with the facts that say why, best first in the order of the framework.

    `warnings` speak against it without forbidding it; `on_list` is the place the person already has on this mission; `proposed`
    is the answer in which the home administration named the person instead of another.
    """

    expert: Expert
    standing: Standing
    facts: list[str]
    warnings: list[str]
    cap: ledger.CapCheck
    last_used: dt.date | None
    to_beneficiary: int
    parts: list[tuple[str, int, int]]
    rank: int = 0
    on_list: Invitation | None = None
    proposed: Invitation | None = None
    passes_over: int = 0

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
    on_list: Invitation | None = None


@dataclass(frozen=True, slots=True)
class Search:
    seat: Seat
    possible: list[Match] = field(default_factory=list)
    excluded: list[Exclusion] = field(default_factory=list)

    def match(self, expert_id: Any) -> Match | None:
        return next((m for m in self.possible if m.expert.pk == expert_id), None)

    def exclusion(self, expert_id: Any) -> Exclusion | None:
        return next((e for e in self.excluded if e.expert.pk == expert_id), None)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is read once for everybody in a search."""

    seat: Seat
    on: dt.date
    languages: frozenset[str]
    near: int
    warn_from: int
    here: dict[Any, int]
    of_mission: dict[Any, list[Invitation]]
    elsewhere: dict[Any, list[Invitation]]


ORDER = {Standing.ACCREDITED: 0, Standing.FIRST_STEP: 1, Standing.CANDIDATE: 2}
NOT_YET_IN_LEDGER = [I.SHORTLISTED, I.ASKED, I.AVAILABLE, I.OTHER_DATES]
TURNED_DOWN = [I.REFUSED, I.CONDITIONS_DECLINED, I.OTHER_OFFICER]


def _fitting(expert: Expert, seat: Seat) -> list[Accreditation]:
    """The accreditations that speak for the seat: of its area; of its category if it has one, in that area or without any."""
    return [
        a
        for a in expert.accreditations.all()
        if (seat.category_id is None or a.category_id == seat.category_id)
        and (a.area_id == seat.area_id or (seat.category_id and a.area_id is None))
    ]


def standing_in(expert: Expert, seat: Seat, day: dt.date, listed: Iterable[Any]) -> Standing:
    """How a person stands to a seat's area and category on a day: accredited before first step before listed candidate."""
    stages = {a.stage_on(day) for a in _fitting(expert, seat)}
    if Stage.FULL in stages:
        return Standing.ACCREDITED
    if stages & {Stage.FIRST_STEP, Stage.ENTRY_PENDING}:
        return Standing.FIRST_STEP
    return Standing.CANDIDATE if expert.pk in listed else Standing.NONE


def find_experts(seat: Seat, *, languages: Iterable[str] = (), day: dt.date | None = None) -> Search:
    """Everybody of the seat's area and category: accredited before first step before candidates (§3.4 step 2), each with the facts;
    and each who cannot go, with the reason. A fixed number of queries."""
    on = day or today()
    with read_once():
        listed = set(Listing.objects.open(on).filter(area_id=seat.area_id).values_list("expert_id", flat=True))
        fits = Q(pk__in=listed) | Q(accreditations__area_id=seat.area_id)
        if seat.category_id:
            fits |= Q(accreditations__category_id=seat.category_id, accreditations__area__isnull=True)
        known = _read_once_for(seat, on, languages)
        judged = [
            _judge(expert, standing, known)
            for expert in Expert.objects.filter(fits).distinct().with_ledger()
            if (standing := standing_in(expert, seat, on, listed)) != Standing.NONE
        ]
    return Search(
        seat,
        _in_order([found for found in judged if isinstance(found, Match)]),
        sorted(
            [found for found in judged if isinstance(found, Exclusion)],
            key=lambda e: (ORDER[e.standing], e.expert.family_name, e.expert.given_name),
        ),
    )


def _in_order(matches: list[Match]) -> list[Match]:
    ordered = sorted(
        matches,
        key=lambda m: (
            ORDER[m.standing],
            -m.score,
            m.last_used or dt.date.min,
            m.expert.family_name,
            m.expert.given_name,
        ),
    )
    free = [n for n, m in enumerate(ordered) if m.on_list is None]
    return [replace(m, rank=n + 1, passes_over=sum(place < n for place in free)) for n, m in enumerate(ordered)]


def _read_once_for(seat: Seat, on: dt.date, languages: Iterable[str]) -> _Known:
    mission = seat.mission
    here = dict(
        Invitation.objects.filter(
            state__in=FILLED, mission__beneficiary=mission.beneficiary_id, seat__release_last__lt=on
        )
        .order_by()
        .values_list("expert")
        .annotate(Count("pk"))
    )
    near = int(policy("search.near_days", on))
    first, last = seat.release[0] - dt.timedelta(days=near), seat.release[1] + dt.timedelta(days=near)
    pending = Invitation.objects.filter(
        ~Q(mission=mission), state__in=NOT_YET_IN_LEDGER, seat__release_first__lte=last, seat__release_last__gte=first
    )
    return _Known(
        seat=seat,
        on=on,
        languages=frozenset(languages),
        near=near,
        warn_from=int(policy("cap.warn_days", on)),
        here=here,
        of_mission=_by_expert(Invitation.objects.filter(mission=mission).select_related("seat")),
        elsewhere=_by_expert(pending.select_related("mission", "seat")),
    )


def _by_expert(invitations: Iterable[Invitation]) -> dict[Any, list[Invitation]]:
    found: dict[Any, list[Invitation]] = {}
    for invitation in invitations:
        found.setdefault(invitation.expert_id, []).append(invitation)
    return found


def _judge(expert: Expert, standing: Standing, known: _Known) -> Match | Exclusion:
    past = known.of_mission.get(expert.pk, [])
    on_list = next((i for i in past if i.state in [*INVITATION.values(final=False), *FILLED]), None)
    reason, change = (
        _gone_or_at_home(expert, known.seat)
        or _said_no(past)
        or _not_free(expert, known.seat, on_list)
        or _over_cap(expert, known.seat, on_list)
        or _lacks_language(expert, known)
        or ("", "")
    )
    if reason:
        return Exclusion(expert, standing, reason, change, on_list)
    return _match(expert, standing, known, on_list, past)


Why = tuple[str, str] | None


def _gone_or_at_home(expert: Expert, seat: Seat) -> Why:
    if expert.left_on and expert.left_on <= seat.release_last:
        return _("Left on %(day)s.") % {"day": _day(expert.left_on)}, ""
    if expert.administration_id == seat.mission.beneficiary_id:
        return (
            _("Is an official of the beneficiary administration."),
            _("No release from abroad is needed; ask it directly."),
        )
    return None


def _said_no(past: list[Invitation]) -> Why:
    """What was said on this mission already, by the expert or by the home administration."""
    for invitation in past:
        words = {"state": INVITATION.state(invitation.state).label, "day": _day(invitation.state_since)}
        if invitation.state in TURNED_DOWN:
            return (
                _("The home administration answered on %(day)s: %(state)s.") % words,
                _("Other dates, in a new letter."),
            )
        if invitation.state == I.NOT_AVAILABLE:
            return (
                _("Said on %(day)s: not available on these days.") % words,
                _("Other dates; the expert can be asked again from the mission's list."),
            )
    return None


def _not_free(expert: Expert, seat: Seat, on_list: Invitation | None) -> Why:
    first, last = seat.release
    away = [u for u in expert.unavailabilities.all() if u.first_day <= last and u.last_day >= first]
    if away:
        return (
            _("Not available %(days)s.") % {"days": _span(away[0].first_day, away[0].last_day)},
            _("Free again from %(day)s.") % {"day": _day(max(u.last_day for u in away) + dt.timedelta(days=1))},
        )
    clash = ledger.overlapping(expert, seat.release, without=on_list.pk if on_list else None)
    if clash:
        return (
            _("Away %(days)s on another mission (%(place)s).")
            % {"days": _span(clash[0].first_day, clash[0].last_day), "place": clash[0].place},
            _("Free again from %(day)s.") % {"day": _day(max(c.last_day for c in clash) + dt.timedelta(days=1))},
        )
    return None


def _over_cap(expert: Expert, seat: Seat, on_list: Invitation | None) -> Why:
    without = on_list.pk if on_list else None
    cap = ledger.check(expert, seat.release, without=without)
    if cap.fits:
        return None
    earliest = ledger.earliest(expert, seat.release_days, seat.release_first, without=without)
    return (
        _("Would reach %(after)d of %(limit)d days (§3.2); %(before)d are used or reserved.")
        % {"after": cap.after, "limit": cap.limit, "before": cap.before},
        _("A mission of %(n)d days fits from %(day)s.") % {"n": seat.release_days, "day": _day(earliest)}
        if earliest
        else _("The mission is longer than the limit itself."),
    )


def _lacks_language(expert: Expert, known: _Known) -> Why:
    missing = known.languages - {row.language for row in expert.languages.all()}
    if not missing:
        return None
    return (
        _("Does not speak %(languages)s.") % {"languages": ", ".join(sorted(missing))},
        _("Search without this language."),
    )


def _match(
    expert: Expert, standing: Standing, known: _Known, on_list: Invitation | None, past: list[Invitation]
) -> Match:
    seat = known.seat
    without = on_list.pk if on_list else None
    cap = ledger.check(expert, seat.release, without=without)
    spoken = sorted(row.language for row in expert.languages.all())
    last_used = max((p.last_day for p in ledger.alive(expert, without=without) if p.last_day < known.on), default=None)
    months = (known.on - last_used).days // 30 if last_used else None
    here = known.here.get(expert.pk, 0)
    facts = [
        _standing_fact(expert, seat, standing, known.on),
        _("free %(days)s") % {"days": _span(*seat.release)},
        _("cap %(before)d → %(after)d of %(limit)d") % {"before": cap.before, "after": cap.after, "limit": cap.limit}
        if cap.binds
        else _("not bound by the cap; %(after)d days with this mission") % {"after": cap.after},
        _last_used_fact(months),
    ]
    if here:
        facts.append(
            ngettext("%(n)d mission to this beneficiary", "%(n)d missions to this beneficiary", here) % {"n": here}
        )
    if spoken:
        facts.append(", ".join(spoken))
    room = max(0, cap.limit - cap.after)
    parts = [
        (_("Room left under the cap"), round(40 * room / cap.limit), 40),
        (_("Not used lately"), 30 if months is None else min(30, months), 30),
        (_("Knows the beneficiary"), min(20, 10 * here), 20),
        (_("Languages"), min(10, 5 * len(spoken)), 10),
    ]
    proposed = _proposed(expert, known)
    return Match(
        expert,
        standing,
        facts,
        _warnings(expert, cap, known, on_list, past),
        cap,
        last_used,
        here,
        parts,
        on_list=on_list,
        proposed=proposed,
    )


def _last_used_fact(months: int | None) -> str:
    if months is None:
        return _("not used yet")
    if months == 0:
        return _("last used this month")
    return ngettext("last used %(n)d month ago", "last used %(n)d months ago", months) % {"n": months}


def _warnings(
    expert: Expert, cap: ledger.CapCheck, known: _Known, on_list: Invitation | None, past: list[Invitation]
) -> list[str]:
    """What speaks against it without forbidding it: the cap near, other engagements close by, another list, an earlier end."""
    first, last = known.seat.release
    found = []
    if cap.binds and cap.after >= known.warn_from:
        found.append(
            ngettext("%(n)d day left afterwards", "%(n)d days left afterwards", cap.limit - cap.after)
            % {"n": cap.limit - cap.after}
        )
    for period in ledger.alive(expert, without=on_list.pk if on_list else None):
        before, after = (first - period.last_day).days, (period.first_day - last).days
        if 0 < before <= known.near:
            found.append(
                _("back from %(place)s only on %(day)s") % {"place": period.place, "day": _day(period.last_day)}
            )
        if 0 < after <= known.near:
            found.append(_("leaves for %(place)s on %(day)s") % {"place": period.place, "day": _day(period.first_day)})
    found += [
        _("also on the list of %(number)s, %(days)s")
        % {"number": other.mission.number, "days": _span(*other.seat.release)}
        for other in known.elsewhere.get(expert.pk, [])
    ]
    found += [
        _("on this mission before: %(state)s, %(day)s")
        % {"state": INVITATION.state(invitation.state).label, "day": _day(invitation.state_since)}
        for invitation in past
        if invitation is not on_list
    ]
    return found


def _proposed(expert: Expert, known: _Known) -> Invitation | None:
    """The answer in which the home administration named this person instead of another (§3.4 step 5)."""
    named = {expert.name.casefold(), f"{expert.family_name} {expert.given_name}".casefold()}
    for invitations in known.of_mission.values():
        for invitation in invitations:
            if not invitation.other_name:
                continue
            by_mail = invitation.other_email and invitation.other_email.casefold() == expert.email.casefold()
            if by_mail or invitation.other_name.strip().casefold() in named:
                return invitation
    return None


def _standing_fact(expert: Expert, seat: Seat, standing: Standing, on: dt.date) -> str:
    words = {"area": seat.area.code}
    rows = _fitting(expert, seat)
    if standing == Standing.ACCREDITED:
        year = min(a.full_from for a in rows if a.stage_on(on) == Stage.FULL and a.full_from).year
        return _("fully accredited in %(area)s since %(year)s") % {**words, "year": year}
    if standing == Standing.FIRST_STEP:
        pending = [a.accredited_on for a in rows if a.stage_on(on) == Stage.ENTRY_PENDING and a.accredited_on]
        if pending:
            return _("accredited in %(area)s, ACE entry pending since %(year)s") % {**words, "year": min(pending).year}
        year = min(a.first_step_on for a in rows if a.stage_on(on) == Stage.FIRST_STEP and a.first_step_on).year
        return _("first step in %(area)s since %(year)s") % {**words, "year": year}
    return _("listed candidate in %(area)s") % words


def by_standing(matches: Iterable[Match]) -> list[tuple[Standing, list[Match]]]:
    """The matches in the three groups of the framework, empty ones left out."""
    held: dict[Standing, list[Match]] = {}
    for match in matches:
        held.setdefault(match.standing, []).append(match)
    return [(standing, held[standing]) for standing in ORDER if standing in held]


def languages_known() -> list[str]:
    """Every language somebody is noted for."""
    return list(ExpertLanguage.objects.order_by("language").values_list("language", flat=True).distinct())


def _day(day: dt.date) -> str:
    return date_format(day, "j M Y")


def _span(first: dt.date, last: dt.date) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{_day(last)}"
    return f"{_day(first)} – {_day(last)}"


# Lists


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


def missions_waiting_for(user: Any) -> list[Any]:
    """The keys of the missions on which something waits for this person in the own name."""
    running = Mission.objects.visible_to(user).filter(state__in=MISSION.values(final=False)).with_people()
    return [
        mission.pk
        for mission in running
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
    missions: list[Mission]
    waiting: list[CapacityRequest]
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


def is_being_written(report: Report) -> bool:
    return in_reach(report, REPORT.transition("write"))


def report_of(user: Any, mission: Mission) -> Report | None:
    """The mission's report with its rows, if this reader may see it by now."""
    return Report.objects.visible_to(user).with_team().select_related("document").filter(mission=mission).first()


def expects_report(user: Any, mission: Mission) -> bool:
    """The offices and the team look for the report before there is one."""
    return bool(parties_of(user, mission) & {Party.ROCB, Party.SECRETARIAT, Party.TEAM, Party.LEADER})


def may_submit(user: Any, report: Report) -> bool:
    return bool(parties_of(user, report) & REPORT.transition("submit").all_parties)


def report_counts(reports: QuerySet[Report], day: dt.date) -> dict[str, int]:
    """How many reports stand at each point, those that are due among them (wish W27)."""
    write, accept = REPORT.transition("write"), REPORT.transition("accept")
    due = Q(state__in=write.sources)
    found: dict[str, int] = reports.aggregate(
        due=Count("pk", filter=due),
        overdue=Count("pk", filter=due & Q(due_on__lt=day)),
        submitted=Count("pk", filter=Q(state__in=accept.sources)),
        accepted=Count("pk", filter=Q(state=accept.target)),
    )
    return found


def overdue_reports(user: Any) -> QuerySet[Any]:
    """Reports that are due, not only those submitted (wish W27)."""
    return (
        Report.objects.visible_to(user)
        .filter(state__in=REPORT.transition("write").sources, due_on__lt=today())
        .select_related("mission__beneficiary")
    )
