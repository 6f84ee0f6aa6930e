"""Steps taken on the people of a table by hand, and the smallest mix against every mix there is."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from gap_analysis.levels import Facts
from gap_analysis.whatif import Group, Mover, Steps, Weights, facts_after, read, smallest_mix, take


def group(full="", first="", listed=""):
    return Group(frozenset(full), frozenset(first), frozenset(listed))


POOL = {"AEO": group("ab", "cd", "ef"), "PCA": group("a", "", "c")}


def test_steps_are_taken_in_the_order_in_which_they_happen():
    steps = Steps(
        leave=("a",), end=(("d", "AEO"),), workshops={"AEO": 1}, seats=(("f", "AEO"),), accredit=(("c", "AEO"), ("f", "AEO"))
    )  # fmt: skip
    found = take(POOL, steps)
    assert found.pool == {"AEO": group("bcf", "", "e"), "PCA": group("", "", "c")}
    assert (found.seated, found.idle) == ({"AEO": ("f",)}, frozenset())


def test_the_list_comes_to_a_workshop_from_its_oldest_line_on_and_whoever_has_a_seat_first():
    many = {"AEO": group(listed="abcd")}
    order = [(person, "AEO") for person in "dcba"]
    assert take(many, Steps(workshops={"AEO": 2}), order=order).seated == {"AEO": ("d", "c")}
    assert take(many, Steps(workshops={"AEO": 2}, seats=(("a", "AEO"),)), order=order).seated == {"AEO": ("a", "d")}
    assert len(take(many, Steps(workshops={"AEO": 9}), order=order).pool["AEO"].first_step) == 4


def test_a_step_that_changes_nothing_is_named():
    steps = Steps(leave=("z",), workshops={"VAL": 3}, seats=(("a", "AEO"),), accredit=(("e", "AEO"), ("b", "AEO")))
    found = take(POOL, steps)
    assert found.pool == POOL
    assert found.idle == set(steps.pairs())


def test_lines_that_nobody_confirms_end_only_where_they_are_still_lines():
    found = take(POOL, Steps(until="2027-01-01", leave=("f",)), lapsing=frozenset({("e", "AEO"), ("b", "AEO")}))
    assert (found.pool["AEO"], found.idle) == (group("ab", "cd", ""), frozenset())


def test_an_address_holds_every_step_and_what_makes_no_sense_is_left_out():
    steps = Steps(("a",), (("b", "AEO"),), "2027-01-01", {"AEO": 3}, (("e", "AEO"),), (("c", "PCA"),))
    assert read(steps.pairs()) == steps
    assert not read([("workshop", "AEO:-1"), ("workshop", "AEO"), ("seat", "e"), ("other", "x"), ("leave", "")])
    assert steps.without(("workshop", "AEO:3")).workshops == {}


def test_free_weeks_follow_the_people_and_somebody_accredited_makes_an_area_known():
    facts = Facts("AEO", 2, 2, 2, free_weeks=10.0, demand_weeks=20.0)
    more = facts_after(facts, group("ab", "cd", "ef"), group("bc", "df", "e"), {"a": 63, "c": 84})
    assert (more.free_weeks, more.fully_accredited, more.first_step, more.candidates) == (13.0, 2, 2, 1)
    assert (more.demand_weeks, more.known) == (20.0, True)
    assert facts_after(facts, group("ab"), group(), {}).free_weeks == 0
    assert not facts_after(facts, group(listed="e"), group(), {}).known


AREAS = ("A", "B", "C")
some = st.frozensets(st.sampled_from(AREAS), max_size=2)
movers = st.lists(st.tuples(some, some), max_size=5).map(
    lambda people: [Mover(str(n), waits, listed) for n, (waits, listed) in enumerate(people)]
)
needs = st.dictionaries(st.sampled_from(AREAS), st.integers(0, 3))
weights = st.builds(Weights, *(st.integers(0, 12) for _ in range(3)))


def every_mix(needed, movers, weights, held):
    """The lightest of all choices: for each person nothing, or accreditation with any seats on the list."""
    areas = [area for area, n in needed.items() if sum(area in m.waits | m.listed for m in movers) >= n]
    best = None
    ways = [
        [None, *itertools.chain.from_iterable(itertools.combinations(sorted(m.listed - m.waits), n) for n in range(3))]
        for m in movers
    ]
    for choice in itertools.product(*ways):
        moved = [(m, set(seats)) for m, seats in zip(movers, choice, strict=True) if seats is not None]
        if all(sum(area in m.waits | seats for m, seats in moved) >= needed[area] for area in areas):
            opened = set().union(*(seats for _m, seats in moved)) - held
            weight = weights.workshop * len(opened) + weights.accreditation * len(moved)
            weight += weights.seat * sum(len(seats) for _m, seats in moved)
            best = weight if best is None else min(best, weight)
    return best


@settings(max_examples=120)
@given(needs, movers, weights, st.frozensets(st.sampled_from(AREAS), max_size=1))
def test_no_mix_is_lighter_and_it_does_what_it_says(needed, movers, weights, held):
    mix = smallest_mix(needed, movers, weights, held=held)
    assert mix.weight == every_mix(needed, movers, weights, held)
    by_key = {mover.person: mover for mover in movers}
    assert len({move.person for move in mix.moves}) == len(mix.moves)
    for move in mix.moves:
        mover = by_key[move.person]
        assert move.seats <= mover.listed - mover.waits
        assert move.areas <= mover.waits | move.seats
    assert mix.workshops == frozenset().union(*(move.seats for move in mix.moves)) - held
    for area, number in needed.items():
        there = sum(area in mover.waits | mover.listed for mover in movers)
        filled = sum(area in move.areas for move in mix.moves)
        assert (area in mix.missing) == (there < number)
        assert filled == 0 if area in mix.missing else filled >= number
        assert mix.missing.get(area, 0) == max(0, number - there)


def test_one_person_of_two_areas_counts_in_both():
    people = [
        Mover("one", waits=frozenset("A")),
        Mover("both", waits=frozenset("AB")),
        Mover("listed", listed=frozenset("B")),
    ]
    mix = smallest_mix({"A": 1, "B": 1}, people, Weights(10, 1, 2))
    assert ([move.person for move in mix.moves], mix.weight, mix.workshops) == (["both"], 2, frozenset())
