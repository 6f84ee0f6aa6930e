"""One person's days: what counts against the cap, what is used, reserved and left (§3.2). Reads what is prefetched."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.clock import day_words, today
from core.dated_policy import policy
from experts import cap
from experts.enums import ServiceSource, ServiceState
from experts.models import Expert, ServicePeriod

Period = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True)
class CapPosition:
    """The figures of the fullest window that holds a day: used and reserved days, and what is left of the limit, never below 0."""

    on: dt.date
    limit: int
    used: int
    reserved: int
    warn_from: int
    window_end: dt.date
    binding_from: dt.date | None
    confirmed_from: dt.date | None

    @property
    def total(self) -> int:
        return self.used + self.reserved

    @property
    def left(self) -> int:
        return max(0, self.limit - self.total)

    @property
    def binds(self) -> bool:
        """Whether the cap binds the person; for all others the figures are information."""
        return self.binding_from is not None and self.binding_from <= self.on

    @property
    def is_near(self) -> bool:
        return self.total >= self.warn_from

    @property
    def tone(self) -> str:
        if self.total >= self.limit:
            return "bad"
        return "warn" if self.is_near else "neutral"


def alive(expert: Expert, *, without: uuid.UUID | None = None) -> list[ServicePeriod]:
    """Reserved and used periods, but for the one that `without` names."""
    return [
        p
        for p in expert.service_periods.all()
        if p.state != ServiceState.RELEASED and (not without or p.reference != without)
    ]


def counted(
    expert: Expert, *, without: uuid.UUID | None = None, states: frozenset[str] = frozenset({"reserved", "used"})
) -> list[Period]:
    """The days that count: flagged so, and for a bound person only from the first full accreditation on (pitfall P27)."""
    periods = [(p.first_day, p.last_day) for p in alive(expert, without=without) if p.counts and p.state in states]
    begin = expert.binding_from
    return cap.clip(periods, begin) if begin else periods


def limit_on(day: dt.date) -> int:
    return int(policy("cap.days", day))


def years_on(day: dt.date) -> int:
    return int(policy("cap.years", day))


def position(expert: Expert, on: dt.date | None = None) -> CapPosition:
    """Where the person stands on a day (today if not given)."""
    day = on or today()
    years = years_on(day)
    periods = counted(expert)
    window_end, total = cap.fullest_window(periods, day, years=years)
    used = cap.usage_on(counted(expert, states=frozenset({ServiceState.USED})), window_end, years=years)
    return CapPosition(
        on=day,
        limit=limit_on(day),
        used=used,
        reserved=total - used,
        warn_from=int(policy("cap.warn_days", day)),
        window_end=window_end,
        binding_from=expert.binding_from,
        confirmed_from=expert.history_confirmed_from,
    )


@dataclass(frozen=True, slots=True)
class CapCheck:
    """Days in the fullest window around a release period, before and with it."""

    before: int
    after: int
    limit: int
    binds: bool
    fits: bool
    first_fit: dt.date | None = None


def check(expert: Expert, release: Period, *, without: uuid.UUID | None = None, counts: bool = True) -> CapCheck:
    """Whether a release period fits under the cap, judging every window that holds one of its days (pitfall P30).

    Nobody who is not yet fully accredited by the end of the period is bound; the figures are then information.
    """
    first, last = release
    limit, years = limit_on(last), years_on(last)
    periods = counted(expert, without=without)
    begin = expert.binding_from
    binds = begin is not None and begin <= last
    new = (max(first, begin), last) if binds and begin else release
    before = max(cap.fullest_window(periods, d, years=years)[1] for d in new)
    if not counts:
        return CapCheck(before, before, limit, binds, True)
    after = cap.usage_with(periods, new, years=years)
    fits = not binds or cap.fits(periods, new, limit=limit, years=years)
    return CapCheck(before, after, limit, binds, fits)


def earliest(expert: Expert, length: int, not_before: dt.date, *, without: uuid.UUID | None = None) -> dt.date | None:
    """The first day of `length` days that fit under the cap and on which the person is neither away nor unavailable; None when
    that is longer than the limit."""
    limit = limit_on(not_before)
    if not 0 < length <= limit:
        return None
    periods, years, day = counted(expert, without=without), years_on(not_before), not_before
    taken = [(p.first_day, p.last_day) for p in alive(expert, without=without)]
    taken += [(u.first_day, u.last_day) for u in expert.unavailabilities.all()]
    while True:
        day = cap.first_fit(periods, length, day, limit=limit, years=years)
        last = day + dt.timedelta(days=length - 1)
        clashes = [end for begin, end in taken if begin <= last and end >= day]
        if not clashes:
            return day
        day = max(clashes) + dt.timedelta(days=1)


def overlapping(expert: Expert, release: Period, *, without: uuid.UUID | None = None) -> list[ServicePeriod]:
    """Other reserved or used periods that share a day with this one: nobody is in two places at once."""
    return [p for p in alive(expert, without=without) if p.first_day <= release[1] and p.last_day >= release[0]]


# What the page of the ledger says


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One period with the days of it that count, the reason in words, and the day from which no window holds it any more."""

    period: ServicePeriod
    counted: int
    reason: str
    falls_out: dt.date | None

    @property
    def is_released(self) -> bool:
        return self.period.state == ServiceState.RELEASED

    @property
    def is_recorded(self) -> bool:
        return self.period.source == ServiceSource.RECORDED

    @property
    def can_be_taken_back(self) -> bool:
        return self.is_recorded and not self.is_released

    @property
    def tone(self) -> str:
        return {ServiceState.USED: "good", ServiceState.RESERVED: "info"}.get(
            ServiceState(self.period.state), "neutral"
        )


def lines(expert: Expert, on: dt.date | None = None) -> list[LedgerLine]:
    """Every period, released ones too, newest first."""
    years = years_on(on or today())
    newest_first = sorted(expert.service_periods.all(), key=lambda p: (p.first_day, p.last_day), reverse=True)
    return [_line(period, expert.binding_from, years) for period in newest_first]


def _line(period: ServicePeriod, begin: dt.date | None, years: int) -> LedgerLine:
    if period.state == ServiceState.RELEASED:
        return LedgerLine(period, 0, _("released: these days are free again"), None)
    if not period.counts:
        by_rule = _("role %(role)d of §3.1 does not count") % {"role": period.role}
        return LedgerLine(period, 0, period.counts_reason or by_rule, None)
    days = (period.first_day, period.last_day)
    kept = cap.clip([days], begin) if begin else [days]
    if not kept:
        return LedgerLine(
            period,
            0,
            _("before the first full accreditation (%(day)s): shown, not counted") % {"day": _day(begin)},
            None,
        )
    number = (kept[0][1] - kept[0][0]).days + 1
    reason = period.counts_reason or _("role %(role)d of §3.1 counts") % {"role": period.role}
    if number < period.days:
        reason = _("counts from the first full accreditation on (%(day)s)") % {"day": _day(begin)}
    return LedgerLine(period, number, reason, cap.falls_out(days, years=years))


@dataclass(frozen=True, slots=True)
class Room:
    """From a day on more days are free, because a period has fallen out of every window."""

    left: int
    day: dt.date
    period: ServicePeriod


def next_room(expert: Expert, on: dt.date | None = None) -> Room | None:
    """The first falling out of a period after which more days are free than on the day."""
    day = on or today()
    now = position(expert, day).left
    for line, left in leaving(expert, day):
        if left > now and line.falls_out:
            return Room(left, line.falls_out, line.period)
    return None


def leaving(expert: Expert, on: dt.date | None = None) -> list[tuple[LedgerLine, int]]:
    """What falls out when, soonest first, each with the days that are left from then on."""
    day = on or today()
    ahead = [line for line in lines(expert, day) if line.falls_out and line.falls_out > day]
    return [
        (line, position(expert, line.falls_out).left) for line in sorted(ahead, key=lambda line: line.falls_out or day)
    ]


def unconfirmed_before(expert: Expert, on: dt.date | None = None) -> dt.date | None:
    """The day before which service may be missing from the ledger, if that bears on the window that ends on the day.

    The portal itself knows the service since it holds the record; what is older counts as known once staff have confirmed it.
    """
    day = on or today()
    needed = max(cap.window_start(day, years=years_on(day)), expert.binding_from or dt.date.min)
    known = expert.history_confirmed_from or expert.created_at.date()
    return known if known > needed else None


def _day(day: dt.date | None) -> str:
    return day_words(day) if day else ""
