"""Steps taken on the people of a table by hand, the smallest mix against every mix there is, and the picture against what then happens."""

import datetime as dt
import itertools
from unittest import mock

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from candidates.enums import Origin
from candidates.models import Listing
from core.clock import today
from core.errors import InvalidAnswers, SomebodyWasFaster
from experts.tests.factories import AccreditationFactory, ExpertFactory, area, served
from gap_analysis import services, whatif
from gap_analysis.levels import Facts
from gap_analysis.models import Scenario
from gap_analysis.queries import gaps_on
from gap_analysis.queries.scenarios import Side, mix_for, weights_on, what_if, with_mix
from gap_analysis.whatif import Group, Mover, Steps, Weights, facts_after, read, smallest_mix, take
from members.tests.factories import rocb, secretariat


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
# Many of two areas, so that what one person does for another area matters.
some = st.sampled_from([frozenset(areas) for areas in ("", "", "A", "B", "C", "AB", "BC", "AC")])
movers = st.lists(st.tuples(some, some), min_size=2, max_size=5).map(
    lambda people: [Mover(str(n), waits, listed) for n, (waits, listed) in enumerate(people)]
)
needs = st.fixed_dictionaries({}, optional=dict.fromkeys(AREAS, st.integers(1, 2)))
weights = st.builds(Weights, st.integers(1, 12), st.integers(0, 3), st.integers(0, 4))


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


@settings(max_examples=300)
@given(needs, movers, weights, st.frozensets(st.sampled_from(AREAS), max_size=1), st.sampled_from([1, 60]))
def test_no_mix_is_lighter_and_it_does_what_it_says(needed, movers, weights, held, narrow):
    with mock.patch.object(whatif, "NARROW", narrow):
        mix = smallest_mix(needed, movers, weights, held=held)
    assert mix.weight == every_mix(needed, movers, weights, held)
    by_key = {mover.person: mover for mover in movers}
    assert len({move.person for move in mix.moves}) == len(mix.moves)
    for move in mix.moves:
        mover = by_key[move.person]
        assert move.seats <= mover.listed - mover.waits
        assert move.areas <= mover.waits | move.seats
    assert mix.workshops == frozenset().union(*(move.seats for move in mix.moves)) - held
    for code, number in needed.items():
        there = sum(code in mover.waits | mover.listed for mover in movers)
        filled = sum(code in move.areas for move in mix.moves)
        assert filled == 0 if code in mix.missing else filled >= number
        assert mix.missing.get(code, 0) == max(0, number - there)


def test_one_person_of_two_areas_counts_in_both():
    people = [
        Mover("one", waits=frozenset("A")),
        Mover("both", waits=frozenset("AB")),
        Mover("listed", listed=frozenset("B")),
    ]
    mix = smallest_mix({"A": 1, "B": 1}, people, Weights(10, 1, 2))
    assert ([move.person for move in mix.moves], mix.weight, mix.workshops) == (["both"], 2, frozenset())


@pytest.fixture
def region():
    """Four of AEO, of whom one is of IPR too; one who waits in AEO and has served 40 days; two on the list for NII."""
    full = [ExpertFactory(accredited=True) for _ in range(4)]
    AccreditationFactory(expert=full[0], area=area("IPR"))
    served(full[1], today() - dt.timedelta(days=50), 30)
    waits = ExpertFactory(first_step=True)
    served(waits, today() - dt.timedelta(days=90), 40)
    listed = [ExpertFactory() for _ in range(2)]
    for ago, expert in enumerate(listed):
        day = today() - dt.timedelta(days=100 + 700 * ago)
        Listing.objects.create(expert=expert, area=area("NII"), origin=Origin.ROCB, listed_on=day)
    return full, waits, listed


def built():
    return services.build(services.start_build(by=rocb()))


@pytest.mark.django_db
def test_the_picture_after_is_the_table_once_it_has_really_happened(region):
    full, waits, listed = region
    snapshot = built()
    steps = Steps(
        leave=(str(full[0].pk),), accredit=((str(waits.pk), "AEO"),), workshops={"NII": 1}, end=((str(full[1].pk), "AEO"),)
    )  # fmt: skip
    found = what_if(snapshot, steps)
    assert {c.before.code: (c.before.rank, c.before.level) for c in found.changes} == {
        row.area.code: (row.rank, row.level) for row in snapshot.rows.select_related("area")
    }
    assert found.outcome.seated == {"NII": (str(listed[1].pk),)}  # on the list for longer
    assert sorted(c.after.code for c in found.changes if c.is_one) == ["AEO", "IPR", "NII"]

    type(full[0]).objects.filter(pk=full[0].pk).update(left_on=today())
    full[1].accreditations.update(ended_on=today())
    waits.accreditations.update(accredited_on=today(), ace_entered_on=today())
    AccreditationFactory(
        expert=listed[1], area=area("NII"), first_step_on=today(), accredited_on=None, ace_entered_on=None
    )
    true = {gap.facts.area.code: gap for gap in gaps_on(today()).gaps}
    for change in found.changes:
        side, facts = change.after, true[change.after.code].facts
        said = (side.full, side.first_step, side.candidates, side.free_weeks)
        assert said == (facts.fully_accredited, facts.first_step, facts.candidates, facts.free_weeks), side.code
        if (
            side.code != "IPR"
        ):  # nobody is left of whom one was told: known to be empty, where a new table knows of nothing
            assert side.level == true[side.code].level, side.code


@pytest.mark.django_db
def test_the_mix_taken_into_the_picture_fills_the_areas_and_names_the_others(region):
    full, waits, _listed = region
    found = what_if(built(), Steps(leave=tuple(str(expert.pk) for expert in full[:2])))
    weights = weights_on(today())
    mix = mix_for(found, ["AEO", "NII", "nowhere"], goal=3, weights=weights)
    assert (mix.missing, [move.person for move in mix.moves]) == ({"NII": 1}, [str(waits.pk)])
    after = what_if(found.snapshot, with_mix(found, mix))
    assert next(c.after.full for c in after.changes if c.after.code == "AEO") == 3
    assert after.outcome.idle == frozenset()
    two = mix_for(found, ["NII"], goal=2, weights=weights)
    assert two.weight == weights.workshop + 2 * (weights.seat + weights.accreditation)
    after = what_if(found.snapshot, with_mix(found, two))
    assert next(c.after.full for c in after.changes if c.after.code == "NII") == 2


@pytest.mark.django_db
def test_lines_lapse_by_their_own_rule(region):
    _full, _waits, listed = region
    found = what_if(built(), Steps(until=(today() + dt.timedelta(days=30)).isoformat()))
    assert found.outcome.pool["NII"].candidates == {str(listed[0].pk)}
    assert what_if(found.snapshot, Steps(until="soon")).outcome.idle == {("until", "soon")}


@pytest.mark.django_db
def test_a_scenario_keeps_the_picture_of_its_day(client, region):
    full, _waits, _listed = region
    snapshot, by, steps = built(), rocb(), Steps(leave=(str(full[0].pk),))
    with pytest.raises(InvalidAnswers):
        services.save_scenario(snapshot, by=by, name="Nothing", steps=Steps())
    kept = services.save_scenario(snapshot, by=by, name="One leaves", steps=steps)
    assert read(kept.steps["pairs"]) == steps
    assert full[0].family_name not in f"{kept.steps}{kept.before}{kept.after}"
    full[0].accreditations.update(ended_on=today())
    client.force_login(by)
    answer = client.get(kept.get_absolute_url())
    assert [change.after for change, _was, _is in answer.context["rows"]] == [
        Side(**side) for side in kept.after if side["code"] in {"AEO", "IPR"}
    ]
    renamed = services.rename_scenario(kept, by=by, name="One goes", version=kept.version)
    with pytest.raises(SomebodyWasFaster):
        services.rename_scenario(renamed, by=by, name="Other", version=kept.version)
    assert set(Scenario.objects.visible_to(secretariat())) <= {renamed}
    services.delete_scenario(renamed, by=by)
    assert not Scenario.objects.exists()


@pytest.mark.django_db
def test_the_address_holds_what_is_ticked_and_a_workshop_is_asked_for_by_its_number(client, region):
    full, waits, _listed = region
    built()
    client.force_login(rocb())
    url = reverse("gap_analysis:whatif")
    asked = {"area": "NII", "n": "2", "leave": [str(full[0].pk)], "workshop": "NII:9", "aim": ["AEO"]}
    answer = client.get(url, asked, follow=True)
    assert "workshop=NII:2" in answer.redirect_chain[0][0]
    assert len(answer.context["steps"]) == 2
    assert ("leave", str(full[0].pk)) in answer.context["hidden"]  # nobody of NII
    assert answer.context["there"] == ["Authorized Economic Operator"]
    shown = client.get(url, {"area": "AEO", "accredit": f"{waits.pk}:AEO"})
    ticked = [p["expert"] for p in shown.context["people"] if p["boxes"].get("accredit", {}).get("is_ticked")]
    assert (ticked, shown.context["hidden"]) == ([waits], [])
    rows = client.get(reverse("gap_analysis:whatif-export", args=["csv"]), {"accredit": f"{waits.pk}:AEO"})
    assert len(rows.content.decode().splitlines()) == len(answer.context["found"].changes) + 1
