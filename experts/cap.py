"""At most 12 weeks over 3 years (§3.2), judged on every rolling window: periods in, days out; no database and no clock.

A period is a pair of dates, both ends counted; a day in several periods counts once. The window of a day begins after
the same day `years` calendar years before and ends on the day itself.
"""

from bisect import bisect_right
from calendar import isleap
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise
from operator import add

Period = tuple[date, date]
Windows = list[tuple[int, int]]

DAY = timedelta(days=1)


def window_start(day: date, *, years: int = 3) -> date:
    """The first day of the window that ends on `day`; 29 February less three years is 28 February."""
    return _years_away(day, -years) + DAY


def falls_out(period: Period, *, years: int = 3) -> date:
    """The day from which no window that ends then or later holds a day of the period."""
    last = _checked(period)[1]
    day = _years_away(last, years)
    return day if window_start(day, years=years) > last else day + DAY


def clip(periods: Iterable[Period], not_before: date) -> list[Period]:
    """The periods without their days before `not_before`: the cap binds from full accreditation on (§3.2)."""
    return [(max(first, not_before), last) for first, last in map(_checked, periods) if last >= not_before]


def usage_on(periods: Iterable[Period], day: date, *, years: int = 3) -> int:
    """The days in the window that ends on `day`."""
    return _RollingTotal(periods, years).on(day)


def peak_usage(periods: Iterable[Period], *, years: int = 3) -> int:
    """The days in the fullest window there is."""
    total = _RollingTotal(periods, years)
    return total.fullest(total.blocks[0][0], total.blocks[-1][1])[1] if total.blocks else 0


def fullest_window(periods: Iterable[Period], day: date, *, years: int = 3) -> tuple[date, int]:
    """The last day and the days of the fullest window that holds `day`, past or future; the earliest wins a tie."""
    return _RollingTotal(periods, years).fullest(*_ends_around((day, day), years))


def usage_with(periods: Iterable[Period], new: Period, *, years: int = 3) -> int:
    """The days in the fullest window that holds a day of the new period, once that is added."""
    return _RollingTotal([*periods, new], years).fullest(*_ends_around(new, years))[1]


def fits(periods: Iterable[Period], new: Period, *, limit: int = 84, years: int = 3) -> bool:
    """Whether the new period keeps the cap in every window that holds one of its days (§3.2).

    Windows that end after the period are judged too. Windows that hold none of its days are not, so that an old excess
    elsewhere blocks nothing.
    """
    return usage_with(periods, new, years=years) <= limit


def first_fit(periods: Iterable[Period], length: int, not_before: date, *, limit: int = 84, years: int = 3) -> date:
    """The earliest first day, from `not_before` on, of a period of `length` days that fits."""
    if not 1 <= length <= limit:
        raise ValueError(f"a period of {length} days can never fit under {limit}")
    blocks = _merged(periods)
    span = timedelta(days=length - 1)
    turns = list(_turns(blocks, span, years))
    day = not_before
    while (excess := usage_with(blocks, (day, day + span), years=years) - limit) > 0:
        # One day later the fullest window holds one day less, or two where a 29 February leaves together with 1 March.
        earliest = day + (excess + 1) // 2 * DAY
        day = min(max(begin, earliest) for begin, end in turns if end >= earliest)
    return day


def most_days(
    periods: Iterable[Period],
    first: date,
    last: date,
    *,
    blocked: Iterable[Period] = (),
    limit: int = 84,
    years: int = 3,
) -> int:
    """The most further days that could still be used from `first` to `last` without breaking the cap in any window.

    Days of the periods and blocked days (unavailability) cannot be used. `last` lies less than `years` after `first`, so that a
    window never has both an earlier and a later day of the span outside it. An old excess leaves 0, never less.
    """
    span = (_checked((first, last))[1] - first).days + 1
    if _years_away(first, years) <= last:
        raise ValueError(f"{first} to {last} is longer than a window of {years} years")
    total = _RollingTotal(periods, years)
    taken = _merged([*total.blocks, *blocked])
    if not taken:
        return min(limit, span)
    free = _free_days(taken, first, span)
    if not total.blocks:
        return min(limit, sum(free))
    origin, length, ending, beginning = _windows_around(first, last, years)
    until = _days_until(total.blocks, origin, length)
    # No more than `up_to[n]` on the first n + 1 days: the windows that end on one of them, or on a later one of them.
    room = list(accumulate(reversed([limit - until[end] + until[start] for start, end in ending]), min))[::-1]
    up_to, so_far = [], 0
    for is_free, most in zip(free, room, strict=True):
        so_far = max(0, min(so_far + is_free, most))
        up_to.append(so_far)
    # No more than what a window leaves that begins on one of the days, on top of the days before it; the first one holds them all.
    whole = limit - total.fullest(last, falls_out((first, first), years=years) - DAY)[1]
    after = [max(0, limit - until[end] + until[start]) for start, end in beginning]
    return max(0, min(up_to[-1], whole, *map(add, [0, *up_to], after)))


@lru_cache(maxsize=64)
def _windows_around(first: date, last: date, years: int) -> tuple[date, int, Windows, Windows]:
    """The windows that end, and those that begin, on each day of a span.

    A window is the number of the day before it and of its last day, counted from the day that is given with them; kept, for a
    span is asked for once a person.
    """
    origin = _years_away(first, -years)
    days = [first + n * DAY for n in range((last - first).days + 1)]

    def windows(ends: list[date]) -> Windows:
        return [((_years_away(end, -years) - origin).days, (end - origin).days) for end in ends]

    ending, beginning = windows(days), windows([falls_out((day, day), years=years) - DAY for day in days])
    return origin, max(end for _start, end in beginning), ending, beginning


def _days_until(blocks: list[Period], origin: date, length: int) -> list[int]:
    """How many days of the blocks lie after the origin and not after each of the days that follow it."""
    taken = bytearray(length + 1)
    for begin, end in blocks:
        low, high = max((begin - origin).days, 1), min((end - origin).days, length)
        if low <= high:
            taken[low : high + 1] = b"\x01" * (high - low + 1)
    return list(accumulate(taken))


def _free_days(taken: list[Period], first: date, span: int) -> list[bool]:
    free = [True] * span
    for begin, end in taken:
        low, high = max((begin - first).days, 0), min((end - first).days + 1, span)
        if low < high:
            free[low:high] = [False] * (high - low)
    return free


def curve(periods: Iterable[Period], first: date, last: date, *, years: int = 3) -> list[tuple[date, int]]:
    """The rolling total from `first` to `last` as the points between which it is a straight line."""
    total = _RollingTotal(periods, years)
    return [(day, total.on(day)) for day in total.corners(first, last)]


class _RollingTotal:
    """How many days of some periods lie in the window that ends on a day, for every day."""

    def __init__(self, periods: Iterable[Period], years: int) -> None:
        self.years = years
        self.blocks = _merged(periods)
        self._firsts = [first for first, _ in self.blocks]
        self._before = list(accumulate(((last - first).days + 1 for first, last in self.blocks), initial=0))

    def on(self, end: date) -> int:
        return self._until(end) - self._until(_years_away(end, -self.years))

    def fullest(self, first_end: date, last_end: date) -> tuple[date, int]:
        """The last day and the days of the fullest window that ends between two days; the earliest wins a tie."""
        return max(((end, self.on(end)) for end in self.corners(first_end, last_end)), key=lambda window: window[1])

    def corners(self, first: date, last: date) -> list[date]:
        """Both days, and those between where the total turns: it rises with a block and falls as the block leaves."""
        corners = {_checked((first, last))[0], last}
        reach = window_start(first, years=self.years) - DAY
        for block in self.blocks:
            if block[1] >= reach and block[0] <= last:
                for begin, end in _cut_at_leap_days(block):
                    leaves, left = (falls_out((day, day), years=self.years) for day in (begin, end))
                    corners |= {day for day in (begin - DAY, end, leaves - DAY, left) if first < day < last}
        return sorted(corners)

    def _until(self, day: date) -> int:
        index = bisect_right(self._firsts, day)
        if not index:
            return 0
        first, last = self.blocks[index - 1]
        return self._before[index - 1] + (min(day, last) - first).days + 1


def _ends_around(period: Period, years: int) -> Period:
    """The first and the last end of the windows that hold a day of the period."""
    return period[0], falls_out(period, years=years) - DAY


def _turns(blocks: list[Period], span: timedelta, years: int) -> Iterator[Period]:
    """From when to when a period can begin to fit: its last day is in a block, or a day of a block leaves during it.

    On any other first day it gains a day for the one it gives up, and fits no better than if it began the day before.
    """
    for first, last in blocks:
        yield first - span, last - span
        yield falls_out((first, first), years=years) - span, falls_out((last, last), years=years)


def _merged(periods: Iterable[Period]) -> list[Period]:
    """The same days as blocks in order, each with a free day before the next."""
    blocks: list[Period] = []
    for first, last in sorted(map(_checked, periods)):
        if blocks and (first - blocks[-1][1]).days <= 1:
            blocks[-1] = blocks[-1][0], max(blocks[-1][1], last)
        else:
            blocks.append((first, last))
    return blocks


def _cut_at_leap_days(block: Period) -> Iterator[Period]:
    """The block in parts whose days leave the window one a day; where February ends, none or two may leave on a day."""
    first, last = block
    februaries = (date(year, 2, 28) for year in range(first.year, last.year + 1))
    cuts = {cut for february in februaries for cut in (february + DAY, february.replace(month=3, day=1))}
    begins = [first, *sorted(cut for cut in cuts if first < cut <= last), last + DAY]
    return ((begin, after - DAY) for begin, after in pairwise(begins))


def _checked(period: Period) -> Period:
    if period[1] < period[0]:
        raise ValueError(f"a period cannot end on {period[1]}, before it begins on {period[0]}")
    return period


def _years_away(day: date, years: int) -> date:
    """The same day of another calendar year; 28 February for a 29 February that it lacks."""
    year = day.year + years
    lacks_it = (day.month, day.day) == (2, 29) and not isleap(year)
    return day.replace(year=year, day=28 if lacks_it else day.day)
