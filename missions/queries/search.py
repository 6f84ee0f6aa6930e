"""The search that explains itself (§3.4 step 2): who could go, in the order of the framework, and who cannot and why."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candidates.models import Listing
from core.clock import day_words, today
from core.dated_policy import policy, read_once
from experts import ledger
from experts.enums import Stage, Standing
from experts.models import Accreditation, Expert
from missions.enums import InvitationState as I
from missions.models import FILLED, Invitation, Seat
from missions.queries.words import span_words
from missions.workflow import INVITATION


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
        return _("Left on %(day)s.") % {"day": day_words(expert.left_on)}, ""
    if expert.administration_id == seat.mission.beneficiary_id:
        return (
            _("Is an official of the beneficiary administration."),
            _("No release from abroad is needed; ask it directly."),
        )
    return None


def _said_no(past: list[Invitation]) -> Why:
    """What was said on this mission already, by the expert or by the home administration."""
    for invitation in past:
        words = {"state": INVITATION.state(invitation.state).label, "day": day_words(invitation.state_since)}
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
            _("Not available %(days)s.") % {"days": span_words(away[0].first_day, away[0].last_day)},
            _("Free again from %(day)s.") % {"day": day_words(max(u.last_day for u in away) + dt.timedelta(days=1))},
        )
    clash = ledger.overlapping(expert, seat.release, without=on_list.pk if on_list else None)
    if clash:
        return (
            _("Away %(days)s on another mission (%(place)s).")
            % {"days": span_words(clash[0].first_day, clash[0].last_day), "place": clash[0].place},
            _("Free again from %(day)s.") % {"day": day_words(max(c.last_day for c in clash) + dt.timedelta(days=1))},
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
        _("A mission of %(n)d days fits from %(day)s.") % {"n": seat.release_days, "day": day_words(earliest)}
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
        _("free %(days)s") % {"days": span_words(*seat.release)},
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
                _("back from %(place)s only on %(day)s") % {"place": period.place, "day": day_words(period.last_day)}
            )
        if 0 < after <= known.near:
            found.append(
                _("leaves for %(place)s on %(day)s") % {"place": period.place, "day": day_words(period.first_day)}
            )
    found += [
        _("also on the list of %(number)s, %(days)s")
        % {"number": other.mission.number, "days": span_words(*other.seat.release)}
        for other in known.elsewhere.get(expert.pk, [])
    ]
    found += [
        _("on this mission before: %(state)s, %(day)s")
        % {"state": INVITATION.state(invitation.state).label, "day": day_words(invitation.state_since)}
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
        return _("first step (pre-accredited) in %(area)s since %(year)s") % {**words, "year": year}
    return _("listed candidate in %(area)s") % words


def by_standing(matches: Iterable[Match]) -> list[tuple[Standing, list[Match]]]:
    """The matches in the three groups of the framework, empty ones left out."""
    held: dict[Standing, list[Match]] = {}
    for match in matches:
        held.setdefault(match.standing, []).append(match)
    return [(standing, held[standing]) for standing in ORDER if standing in held]
