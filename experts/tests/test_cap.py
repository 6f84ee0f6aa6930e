"""The cap against examples worked by hand and against a count of single days that shares nothing with the module."""

from bisect import bisect
from datetime import date, timedelta
from itertools import accumulate, pairwise, takewhile
from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from experts import cap

DAY = timedelta(days=1)

unhurried = settings(deadline=None)  # a busy machine is no fault of the cap

# 28 + 28 + 21 days
THREE_MISSIONS = [
    (date(2024, 3, 4), date(2024, 3, 31)),
    (date(2025, 9, 1), date(2025, 9, 28)),
    (date(2026, 11, 2), date(2026, 11, 22)),
]
BETWEEN_THEM = (date(2025, 2, 3), date(2025, 2, 16))
# 84 days in a row, and 85
TWELVE_WEEKS = (date(2025, 3, 1), date(2025, 5, 23))
TWELVE_WEEKS_AND_A_DAY = (date(2025, 3, 1), date(2025, 5, 24))


# The count of single days


def years_before(day, years):
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


# Every day there is in these tests, and where in that list the day stands after which its window begins.
DAYS = [date(2008, 1, 1) + n * DAY for n in range(366 * 32)]
PLACE = {day: n for n, day in enumerate(DAYS)}
AFTER = {years: [PLACE.get(years_before(day, years), 0) for day in DAYS] for years in (1, 2, 3, 4)}


def counted(periods, years):
    """For every day of the list, the days in the window that ends on it."""
    served = bytearray(len(DAYS))
    for first, last in periods:
        for n in range(PLACE[first], PLACE[last] + 1):
            served[n] = 1
    up_to = list(accumulate(served))
    return [total - up_to[after] for total, after in zip(up_to, AFTER[years], strict=True)]


def ends_of_windows_holding(period, years):
    """The places of the last days of the windows that hold a day of the period."""
    first, last = PLACE[period[0]], PLACE[period[1]]
    return takewhile(lambda end: AFTER[years][end] < last, range(first, len(DAYS)))


def counted_fits(periods, new, limit, years):
    totals = counted([*periods, new], years)
    return all(totals[end] <= limit for end in ends_of_windows_holding(new, years))


def counted_fitting_days(periods, length, tried, limit, years):
    """The days of `tried` on which a period of that length may begin."""
    totals = counted(periods, years)
    fitting = []
    for day in tried:
        new = (day, day + (length - 1) * DAY)
        added = [PLACE[d] for d in days_of(new) if not any(first <= d <= last for first, last in periods)]
        ends = ends_of_windows_holding(new, years)
        if all(totals[end] + bisect(added, end) - bisect(added, AFTER[years][end]) <= limit for end in ends):
            fitting.append(day)
    return fitting


def days_of(period):
    return DAYS[PLACE[period[0]] : PLACE[period[1]] + 1]


def lasting(lengths):
    return st.builds(lambda first, length: (first, first + (length - 1) * DAY), dates, lengths)


dates = st.dates(date(2019, 1, 1), date(2025, 12, 31)) | st.sampled_from(
    [date(year, month, day) for year in range(2019, 2025) for month, day in ((2, 27), (2, 28), (3, 1), (3, 2))]
    + [date(2020, 2, 29), date(2024, 2, 29)]
)
periods_of_service = lasting(st.integers(1, 40) | st.sampled_from([1, 2, 3, 84, 85, 400, 800]))
services = st.lists(periods_of_service, max_size=8)
year_counts = st.integers(1, 4)


# Windows


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (date(2026, 11, 22), date(2023, 11, 23)),
        (date(2024, 2, 28), date(2021, 3, 1)),
        (date(2024, 2, 29), date(2021, 3, 1)),
        (date(2024, 3, 1), date(2021, 3, 2)),
        (date(2023, 2, 28), date(2020, 2, 29)),
        (date(2023, 3, 1), date(2020, 3, 2)),
        (date(2026, 12, 31), date(2024, 1, 1)),
    ],
)
def test_window_begins_after_the_same_day_three_calendar_years_before(day, start):
    assert cap.window_start(day) == start


def test_window_of_four_years_runs_from_leap_day_to_leap_day():
    assert cap.window_start(date(2024, 2, 29), years=4) == date(2020, 3, 1)


@pytest.mark.parametrize(
    ("last_day", "leaves"),
    [
        (date(2024, 3, 31), date(2027, 3, 31)),
        (date(2021, 2, 28), date(2024, 2, 28)),
        (date(2020, 2, 29), date(2023, 3, 1)),
        (date(2020, 3, 1), date(2023, 3, 1)),
    ],
)
def test_period_falls_out_when_the_window_begins_after_its_last_day(last_day, leaves):
    assert cap.falls_out((date(2020, 2, 1), last_day)) == leaves


@unhurried
@given(periods_of_service, year_counts)
def test_period_falls_out_on_the_day_after_the_last_that_counts_it(period, years):
    leaves = cap.falls_out(period, years=years)
    assert cap.usage_on([period], leaves - DAY, years=years) > 0
    assert cap.usage_on([period], leaves, years=years) == 0


# Days


def test_single_day_counts_as_one():
    assert cap.usage_on([(date(2025, 3, 3), date(2025, 3, 3))], date(2025, 3, 3)) == 1


def test_days_after_the_window_are_not_counted():
    assert cap.usage_on([TWELVE_WEEKS], date(2025, 3, 10)) == 10


def test_days_served_twice_count_once():
    overlapping = [(date(2025, 3, 3), date(2025, 3, 14)), (date(2025, 3, 10), date(2025, 3, 20))]
    assert cap.usage_on(overlapping, date(2025, 3, 31)) == 18
    assert cap.peak_usage(overlapping) == 18


def test_period_within_another_adds_nothing():
    assert cap.peak_usage([TWELVE_WEEKS, (date(2025, 3, 5), date(2025, 3, 9)), TWELVE_WEEKS]) == 84


def test_nobody_who_served_nowhere_has_days():
    assert cap.usage_on([], date(2025, 3, 3)) == 0
    assert cap.peak_usage([]) == 0
    assert cap.fullest_window([], date(2025, 3, 3)) == (date(2025, 3, 3), 0)


def test_clip_keeps_the_days_from_a_day_on():
    assert cap.clip(THREE_MISSIONS, date(2025, 9, 28)) == [(date(2025, 9, 28), date(2025, 9, 28)), THREE_MISSIONS[2]]


@pytest.mark.parametrize(
    "call",
    [
        lambda wrong: cap.usage_on([wrong], date(2025, 3, 3)),
        lambda wrong: cap.peak_usage([TWELVE_WEEKS, wrong]),
        lambda wrong: cap.fullest_window([wrong], date(2025, 3, 3)),
        lambda wrong: cap.usage_with([TWELVE_WEEKS], wrong),
        lambda wrong: cap.fits([], wrong),
        lambda wrong: cap.fits([wrong], TWELVE_WEEKS),
        lambda wrong: cap.first_fit([wrong], 7, date(2030, 1, 1)),
        lambda wrong: cap.curve([wrong], *TWELVE_WEEKS),
        lambda wrong: cap.curve([], *wrong),
        lambda wrong: cap.clip([wrong], date(2030, 1, 1)),
        cap.falls_out,
    ],
)
def test_period_that_ends_before_it_begins_is_an_error(call):
    with pytest.raises(ValueError, match="before it begins"):
        call((date(2025, 3, 4), date(2025, 3, 3)))


@unhurried
@given(services, dates, year_counts)
def test_usage_is_the_count_of_single_days(periods, day, years):
    assert cap.usage_on(periods, day, years=years) == counted(periods, years)[PLACE[day]]


@unhurried
@given(services, year_counts)
def test_peak_is_the_fullest_of_all_windows(periods, years):
    assert cap.peak_usage(periods, years=years) == max(counted(periods, years))


@unhurried
@given(services, dates, year_counts)
# Two days leave together on 1 March 2023, in the middle of a period.
@example([(date(2020, 2, 1), date(2020, 4, 30)), (date(2023, 2, 1), date(2023, 4, 30))], date(2023, 2, 10), 3)
# None leaves on 29 February 2024.
@example([(date(2021, 2, 1), date(2021, 4, 30)), (date(2024, 2, 1), date(2024, 4, 30))], date(2024, 2, 10), 3)
def test_fullest_window_is_the_earliest_of_the_fullest_that_hold_the_day(periods, day, years):
    totals = counted(periods, years)
    fullest = max(ends_of_windows_holding((day, day), years), key=totals.__getitem__)
    assert cap.fullest_window(periods, day, years=years) == (DAYS[fullest], totals[fullest])


# A new period


def test_window_that_ends_after_the_new_period_is_judged():
    assert cap.usage_on([*THREE_MISSIONS, BETWEEN_THEM], BETWEEN_THEM[1]) == 42
    assert cap.usage_on([*THREE_MISSIONS, BETWEEN_THEM], date(2026, 11, 22)) == 91
    assert cap.usage_with(THREE_MISSIONS, BETWEEN_THEM) == 91
    assert not cap.fits(THREE_MISSIONS, BETWEEN_THEM)
    assert cap.fits(THREE_MISSIONS, (BETWEEN_THEM[0], BETWEEN_THEM[0] + 6 * DAY))


def test_mission_before_an_approved_one_overfills_the_later_window():
    approved = (date(2025, 9, 1), date(2025, 11, 16))
    new = (date(2025, 3, 3), date(2025, 3, 16))
    assert cap.usage_on([approved, new], new[1]) == 14
    assert cap.usage_with([approved], new) == 91
    assert not cap.fits([approved], new)


@pytest.mark.parametrize(("new", "fit"), [(TWELVE_WEEKS, True), (TWELVE_WEEKS_AND_A_DAY, False)])
def test_84_days_in_a_row_fit_and_85_do_not(new, fit):
    assert cap.fits([], new) == fit


@pytest.mark.parametrize(("day", "fit"), [(date(2028, 2, 29), False), (date(2028, 3, 1), True)])
def test_85th_day_waits_until_the_first_has_left_the_window(day, fit):
    assert cap.fits([TWELVE_WEEKS], (day, day)) == fit


@pytest.mark.parametrize(("day", "fit"), [(date(2022, 5, 23), True), (date(2022, 5, 24), False)])
def test_85th_day_may_lie_before_the_others_if_no_window_holds_them_all(day, fit):
    assert cap.fits([TWELVE_WEEKS], (day, day)) == fit


def test_two_full_quotas_may_not_touch_at_the_turn_of_a_period():
    assert not cap.fits([(date(2024, 10, 9), date(2024, 12, 31))], (date(2025, 1, 1), date(2025, 3, 25)))


def test_old_excess_elsewhere_blocks_nothing():
    excess = (date(2021, 1, 1), date(2021, 4, 30))
    assert cap.peak_usage([excess]) == 120
    assert cap.fits([excess], TWELVE_WEEKS)
    assert cap.first_fit([excess], 84, TWELVE_WEEKS[0]) == TWELVE_WEEKS[0]


def test_old_excess_in_a_window_of_the_new_period_blocks_it():
    assert not cap.fits([TWELVE_WEEKS_AND_A_DAY], (date(2026, 1, 5), date(2026, 1, 5)))


def test_days_that_were_counted_already_are_free():
    assert cap.fits([TWELVE_WEEKS], TWELVE_WEEKS)
    assert cap.usage_with([TWELVE_WEEKS], (date(2025, 5, 20), date(2025, 5, 26))) == 87


def test_usage_with_is_the_figure_to_show_beside_the_limit():
    assert cap.usage_with([(date(2025, 9, 1), date(2025, 11, 2))], (date(2026, 1, 5), date(2026, 1, 18))) == 77


@unhurried
@given(services, periods_of_service, year_counts)
def test_usage_with_is_the_fullest_of_the_windows_that_hold_a_new_day(periods, new, years):
    totals = counted([*periods, new], years)
    assert cap.usage_with(periods, new, years=years) == max(totals[end] for end in ends_of_windows_holding(new, years))


@unhurried
@given(services, periods_of_service, st.sampled_from([20, 63, 84]), year_counts)
def test_fits_agrees_with_the_count_of_single_days(periods, new, limit, years):
    assert cap.fits(periods, new, limit=limit, years=years) == counted_fits(periods, new, limit, years)


# The first fit


@pytest.mark.parametrize("length", [85, 0, -1])
def test_first_fit_of_an_impossible_length_is_an_error(length):
    with pytest.raises(ValueError, match="can never fit"):
        cap.first_fit([], length, date(2025, 1, 1))


def test_first_fit_is_at_once_where_nothing_is_in_the_way():
    assert cap.first_fit([], 84, date(2025, 1, 1)) == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("length", "begins"),
    [
        (1, date(2028, 3, 1)),  # 1 March 2025 has left the window of its day
        (14, date(2028, 3, 1)),  # one day leaves for each that comes
        (84, date(2028, 3, 1)),
    ],
)
def test_first_fit_after_twelve_weeks_follows_the_days_as_they_leave(length, begins):
    assert cap.first_fit([TWELVE_WEEKS], length, date(2025, 6, 1)) == begins


def test_first_fit_sees_two_days_leave_together_on_the_first_of_march():
    assert cap.first_fit([(date(2020, 2, 29), date(2020, 5, 23))], 1, date(2023, 2, 28)) == date(2023, 3, 1)


def test_first_fit_passes_the_gaps_that_a_later_mission_closes():
    assert cap.first_fit(THREE_MISSIONS, 7, date(2025, 2, 1)) == date(2025, 2, 1)
    # With 7 of its days 84 are reached on 3 March 2027; from 4 March on one of 2024 leaves for each that comes.
    assert cap.first_fit(THREE_MISSIONS, 14, date(2026, 11, 23)) == date(2027, 2, 25)


def test_first_fit_may_share_days_that_count_already():
    assert cap.first_fit(THREE_MISSIONS, 14, date(2025, 2, 1)) == date(2025, 8, 25)


@settings(unhurried, max_examples=50)
@given(
    st.lists(lasting(st.integers(1, 30)), max_size=6),
    st.integers(1, 40).flatmap(lambda limit: st.tuples(st.integers(1, limit), st.just(limit))),
    dates,
    year_counts,
)
@example([(date(2020, 2, 1), date(2020, 4, 24))], (84, 84), date(2022, 6, 1), 3)
@example([(date(2021, 2, 1), date(2021, 4, 25))], (84, 84), date(2023, 6, 1), 3)
def test_first_fit_fits_and_no_earlier_day_does(periods, length_and_limit, not_before, years):
    length, limit = length_and_limit
    found = cap.first_fit(periods, length, not_before, limit=limit, years=years)
    assert counted_fitting_days(periods, length, days_of((not_before, found)), limit, years) == [found]


def test_first_fit_of_a_life_of_missions_takes_no_more_than_a_moment():
    """17 full quotas of 12 missions each, on the same days every third year, and one day more than a mission asked."""
    missions = [(date(year, month, 1), date(year, month, 7)) for year in range(2025, 2076, 3) for month in range(1, 13)]
    begun = process_time()
    found = cap.first_fit(missions, 8, date(2025, 12, 8))
    assert process_time() - begun < 5
    assert found == date(2076, 1, 25)


# The curve


def test_curve_rises_through_a_mission_and_falls_as_it_leaves():
    assert cap.curve([TWELVE_WEEKS], date(2025, 1, 1), date(2028, 12, 31)) == [
        (date(2025, 1, 1), 0),
        (date(2025, 2, 28), 0),
        (date(2025, 5, 23), 84),
        (date(2028, 2, 29), 84),
        (date(2028, 5, 23), 0),
        (date(2028, 12, 31), 0),
    ]


def test_curve_takes_missions_that_touch_as_one():
    halves = [(date(2025, 4, 1), TWELVE_WEEKS[1]), (TWELVE_WEEKS[0], date(2025, 3, 31))]
    years = date(2025, 1, 1), date(2028, 12, 31)
    assert cap.curve(halves, *years) == cap.curve([TWELVE_WEEKS], *years)


def test_curve_of_nothing_is_flat():
    assert cap.curve([], *TWELVE_WEEKS) == [(TWELVE_WEEKS[0], 0), (TWELVE_WEEKS[1], 0)]


@unhurried
@given(services, periods_of_service, year_counts)
def test_curve_is_straight_between_its_points(periods, span, years):
    first, last = span
    points = cap.curve(periods, first, last, years=years)
    totals = counted(periods, years)
    drawn = [points[0][1]]
    for (day, total), (next_day, next_total) in pairwise(points):
        length = (next_day - day).days
        drawn += [total + (next_total - total) * n / length for n in range(1, length + 1)]
    assert drawn == pytest.approx([totals[PLACE[day]] for day in days_of(span)])


# The most days that can still be used


def counted_most(periods, first, last, blocked, limit, years):
    """The best of all sets of free days, for spans short enough to try them all."""
    free = [d for d in days_of((first, last)) if not any(a <= d <= b for a, b in [*periods, *blocked])]
    best = 0
    for mask in range(1 << len(free)):
        chosen = [day for n, day in enumerate(free) if mask >> n & 1]
        if len(chosen) <= best:
            continue
        totals = counted([*periods, *((day, day) for day in chosen)], years)
        ends = {end for day in chosen for end in ends_of_windows_holding((day, day), years)}
        if all(totals[end] <= limit for end in ends):
            best = len(chosen)
    return best


@settings(deadline=None, max_examples=120)
@given(st.data())
def test_most_days_is_the_best_of_all_choices(data):
    """A short span, with days that leave or enter the window within it, a year away on either side."""
    first = date(2020, 2, data.draw(st.integers(20, 28)))
    last = first + data.draw(st.integers(3, 6)) * DAY
    begins = [first.replace(year=year) + n * DAY for year in (2019, 2020, 2021) for n in range(-1, 7)]
    blocks = st.tuples(st.sampled_from(begins), st.integers(0, 3)).map(
        lambda drawn: (drawn[0], drawn[0] + drawn[1] * DAY)
    )
    periods, blocked = data.draw(st.lists(blocks, max_size=4)), data.draw(st.lists(blocks, max_size=1))
    limit = data.draw(st.integers(1, 6))
    assert cap.most_days(periods, first, last, blocked=blocked, limit=limit, years=1) == counted_most(
        periods, first, last, blocked, limit, 1
    )


def test_most_days_of_a_year():
    year = date(2025, 1, 1), date(2025, 12, 31)
    assert cap.most_days([], *year) == 84
    assert cap.most_days([(date(2024, 6, 1), date(2024, 8, 23))], *year) == 0
    assert cap.most_days([], *year, blocked=[(date(2025, 1, 1), date(2025, 12, 1))]) == 30
    # 40 days leave the window in the middle of the year, and can then be used again
    assert cap.most_days([(date(2022, 6, 1), date(2022, 7, 10)), (date(2023, 3, 1), date(2023, 3, 20))], *year) == 64
    assert cap.most_days([TWELVE_WEEKS_AND_A_DAY], *year) == 0
    with pytest.raises(ValueError, match="longer than a window"):
        cap.most_days([], date(2025, 1, 1), date(2028, 1, 1))
