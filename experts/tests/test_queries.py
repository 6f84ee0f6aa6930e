import datetime as dt

import pytest

from experts.enums import Stage
from experts.loading import load_expertise
from experts.models import Accreditation, Area, Category, Expert
from experts.queries import accreditations_on, area_answers_to, pool_table
from members.models import Administration

pytestmark = pytest.mark.django_db

DAY = dt.date(2024, 6, 15)
BEFORE, AFTER = DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)
TABLE2 = [
    ("DF", None),
    ("CMA", None),
    ("AT", "HS"),
    ("AT", "VAL"),
    ("AT", "PCA"),
    ("AT", "ROO"),
    ("TOA", "AEO"),
    ("TOA", "RKC"),
    ("TOA", "IPR"),
    ("TOA", "DM"),
]


@pytest.fixture(autouse=True)
def areas():
    load_expertise()


@pytest.fixture
def administration():
    return Administration.objects.create(code="XX", name="Examplia", organisation="Examplia Customs", head_title="Head")


@pytest.fixture
def person(administration):
    def create(**fields):
        return Expert.objects.create(administration=administration, given_name="An", family_name="Example", **fields)

    return create


def accredit(expert, category, area=None, **days):
    return Accreditation.objects.create(
        expert=expert,
        category=Category.objects.get(code=category),
        area=Area.objects.get(code=area) if area else None,
        source="test",
        as_of=DAY,
        **days,
    )


def row(table, category, area=None):
    found = [r for r in table.rows if r.category.code == category and (r.area.code if r.area else None) == area]
    return (found[0].fully_accredited, found[0].first_step, found[0].total) if found else None


def keys(table):
    return [(r.category.code, r.area.code if r.area else None) for r in table.rows]


def test_empty_pool_has_the_rows_of_table2_in_its_order():
    table = pool_table(DAY)
    assert keys(table) == TABLE2
    assert (table.fully_accredited, table.first_step, table.total) == (0, 0, 0)
    assert (table.distinct_people, table.entry_pending) == (0, 0)


@pytest.mark.parametrize(("day", "figures"), [(BEFORE, (0, 0, 0)), (DAY, (0, 1, 1)), (AFTER, (0, 1, 1))])
def test_first_step_counts_from_its_day(person, day, figures):
    accredit(person(), "CMA", first_step_on=DAY)
    table = pool_table(day)
    assert row(table, "CMA") == figures
    assert table.distinct_people == figures[2]


@pytest.mark.parametrize(
    "days", [{"accredited_on": BEFORE, "ace_entered_on": DAY}, {"accredited_on": DAY, "ace_entered_on": BEFORE}]
)
@pytest.mark.parametrize(("day", "full"), [(BEFORE, 0), (DAY, 1), (AFTER, 1)])
def test_fully_counts_from_the_later_of_accreditation_and_entry(person, days, day, full):
    accredit(person(), "AT", "HS", **days)
    assert row(pool_table(day), "AT", "HS") == (full, 0, full)


def test_entry_pending_is_in_neither_column_and_no_longer_first_step(person):
    accredit(person(), "TOA", "AEO", first_step_on=dt.date(2023, 1, 1), accredited_on=DAY, ace_entered_on=AFTER)
    before, on_the_day, after = (pool_table(day) for day in (BEFORE, DAY, AFTER))
    assert (row(before, "TOA", "AEO"), before.entry_pending, before.distinct_people) == ((0, 1, 1), 0, 1)
    assert (row(on_the_day, "TOA", "AEO"), on_the_day.entry_pending, on_the_day.distinct_people) == ((0, 0, 0), 1, 0)
    assert (row(after, "TOA", "AEO"), after.entry_pending, after.distinct_people) == ((1, 0, 1), 0, 1)


def test_entry_that_never_came_stays_pending(person):
    accredit(person(), "TOA", "RKC", accredited_on=DAY)
    assert pool_table(dt.date(2030, 1, 1)).entry_pending == 1


@pytest.mark.parametrize(("day", "total"), [(BEFORE, 1), (DAY, 0), (AFTER, 0)])
def test_nobody_counts_from_the_day_of_leaving(person, day, total):
    accredit(person(left_on=DAY), "DF", accredited_on=dt.date(2020, 1, 1), ace_entered_on=dt.date(2020, 1, 1))
    assert pool_table(day).total == total


@pytest.mark.parametrize(("day", "total"), [(BEFORE, 1), (DAY, 0), (AFTER, 0)])
def test_an_accreditation_counts_until_it_ended(person, day, total):
    accredit(person(), "DF", accredited_on=dt.date(2020, 1, 1), ace_entered_on=dt.date(2020, 1, 1), ended_on=DAY)
    assert pool_table(day).total == total


def test_a_person_in_two_areas_counts_in_both_and_is_one_person(person):
    expert = person()
    for area in ("HS", "VAL"):
        accredit(expert, "AT", area, accredited_on=DAY, ace_entered_on=DAY)
    accredit(expert, "TOA", "DM", first_step_on=DAY)
    table = pool_table(DAY)
    assert (table.fully_accredited, table.first_step, table.total, table.distinct_people) == (2, 1, 3, 1)


def test_other_rows_with_people_follow_the_ten(person):
    accredit(person(), "TOA", "PCA", accredited_on=DAY, ace_entered_on=DAY)
    accredit(person(), "AT", "IPR", first_step_on=DAY)
    accredit(person(), "MPA", accredited_on=DAY, ace_entered_on=DAY)
    accredit(person(), "TOA", "SW", accredited_on=DAY)
    assert keys(pool_table(DAY)) == [*TABLE2, ("AT", "IPR"), ("TOA", "PCA"), ("MPA", None)]
    assert keys(pool_table(BEFORE)) == TABLE2


def test_total_is_the_sum_of_all_rows(person):
    for area in ("HS", "PCA", "IPR"):
        accredit(person(), "AT", area, accredited_on=DAY, ace_entered_on=DAY)
    accredit(person(), "CMA", first_step_on=DAY)
    table = pool_table(DAY)
    assert (table.fully_accredited, table.first_step, table.total) == (3, 1, 4)
    assert sum(r.total for r in table.rows) == 4


def test_the_query_and_the_model_tell_the_same_stage(person):
    days = [None, BEFORE, DAY, AFTER]
    for first in days:
        for accredited in days:
            for entered in days if accredited else [None]:
                if first or accredited:
                    accredit(person(), "DF", first_step_on=first, accredited_on=accredited, ace_entered_on=entered)
    for day in (BEFORE, DAY, AFTER, AFTER + dt.timedelta(days=1)):
        by_query = {a.pk: a.stage for a in accreditations_on(day)}
        by_model = {a.pk: a.stage_on(day) for a in Accreditation.objects.all()}
        assert by_query == {pk: stage for pk, stage in by_model.items() if stage != Stage.NONE}


def test_every_number_opens_as_many_rows(person):
    accredit(person(), "TOA", "AEO", accredited_on=DAY, ace_entered_on=DAY)
    accredit(person(), "TOA", "AEO", first_step_on=DAY)
    for entry in pool_table(DAY).rows:
        rows = accreditations_on(DAY).filter(category=entry.category, area=entry.area)
        assert rows.filter(stage=Stage.FULL).count() == entry.fully_accredited
        assert rows.filter(stage=Stage.FIRST_STEP).count() == entry.first_step


@pytest.mark.parametrize("people", [1, 3])
def test_pool_table_takes_five_queries_whatever_its_size(person, people, django_assert_num_queries):
    for _number in range(people):
        expert = person()
        accredit(expert, "AT", "HS", accredited_on=DAY, ace_entered_on=DAY)
        accredit(expert, "TOA", "SW", first_step_on=DAY)
    with django_assert_num_queries(5):
        pool_table(DAY).as_dict()


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("AEO", {"AEO"}),
        ("aeo", {"AEO"}),
        ("trust trad", {"AEO"}),
        ("trader, trusted", set()),
        ("post clear", {"PCA"}),
        ("classif", {"HS", "AR"}),
        ("lassification", set()),
        ("", set()),
        (" - ", set()),
    ],
)
def test_an_area_answers_to_words_that_each_begin_one_of_its_own(words, codes):
    assert {area.code for area in Area.objects.all() if area_answers_to(area, words)} == codes
