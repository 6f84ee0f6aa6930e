"""One person's days: what counts against the cap, what is used, reserved and left (§3.2). Reads what is prefetched."""

import datetime as dt
import uuid
from dataclasses import dataclass

from core.clock import today
from core.dated_policy import policy
from experts import cap
from experts.enums import ServiceState
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
    """The first day on which a mission of `length` days would fit; None when it is longer than the limit."""
    limit = limit_on(not_before)
    if length > limit:
        return None
    return cap.first_fit(counted(expert, without=without), length, not_before, limit=limit, years=years_on(not_before))


def overlapping(expert: Expert, release: Period, *, without: uuid.UUID | None = None) -> list[ServicePeriod]:
    """Other reserved or used periods that share a day with this one: nobody is in two places at once."""
    return [p for p in alive(expert, without=without) if p.first_day <= release[1] and p.last_day >= release[0]]
