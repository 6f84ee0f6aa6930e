import datetime as dt

import pytest

from core import imports
from core.models import SheetImport
from experts.models import ServicePeriod
from experts.tests.factories import ExpertFactory, served

pytestmark = pytest.mark.django_db

KIND = "past-service"
HEAD = "ACE reference,e-mail,from,to,place,role,counts,why,source"
AS_OF = dt.date(2024, 1, 31)


def data(*lines):
    return "\n".join([HEAD, *lines]).encode()


@pytest.fixture
def person():
    return ExpertFactory(ace_reference="A-1", email="one@x.example")


def rows(*lines):
    return imports.dry_run(KIND, data(*lines), AS_OF)[0]


def test_days_are_recorded_as_by_hand_and_taken_back(person):
    served(person, dt.date(2020, 1, 1), 5, place="Suva")
    made = imports.bring(
        KIND,
        data=data(
            "A-1,,2020-01-01,2020-01-05,Suva,1,,,",
            "a-1,one@x.example,2021-03-01,5 March 2021,Apia,2,yes,,its file",
            ",ONE@x.example,2022-03-01,2022-03-05,Home,3,yes,The office counted it,its file",
        ),
        name="service.csv", content_type="text/csv", as_of=AS_OF, by=None, queue=False,
    )  # fmt: skip
    imports.stage(made.pk)
    made.refresh_from_db()
    assert (made.counts["unchanged"], made.counts["new"]) == (1, 2)
    imports.ask_to_apply(made, by=None, queue=False)
    imports.apply(made.pk)
    assert [(p.place, p.days, p.role, p.counts, p.counts_reason) for p in ServicePeriod.objects.order_by("first_day")] == [
        ("Suva", 5, 1, True, ""), ("Apia", 5, 2, True, ""), ("Home", 5, 3, True, "The office counted it"),
    ]  # fmt: skip
    made = SheetImport.objects.get(pk=made.pk)
    imports.ask_to_undo(made, by=None, queue=False)
    imports.undo(made.pk)
    assert ServicePeriod.objects.get().place == "Suva"


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("Z-9,,2021-03-01,2021-03-05,Apia,1,,,", "ace_reference"),
        (",,2021-03-01,2021-03-05,Apia,1,,,", "ace_reference"),
        (",nobody@x.example,2021-03-01,2021-03-05,Apia,1,,,", "email"),
        ("A-1,other@x.example,2021-03-01,2021-03-05,Apia,1,,,", "email"),
        ("A-1,,2021-03-05,2021-03-01,Apia,1,,,", "to"),
        ("A-1,,2021-03-01,2999-03-05,Apia,1,,,", "to"),
        ("A-1,,2021-03-01,2021-03-05,,1,,,", "place"),
        ("A-1,,2021-03-01,2021-03-05,Apia,9,,,", "role"),
        ("A-1,,2021-03-01,2021-03-05,Apia,1,perhaps,,", "counts"),
        ("A-1,,2021-03-01,2021-03-05,Apia,3,yes,,", "reason"),
        ("A-1,,2020-01-03,2020-01-09,Apia,1,,,", "from"),
        ("A-1,,2021-03,2021-03-05,Apia,1,,,", "from"),
    ],
)
def test_what_cannot_be_recorded_says_why(person, line, column):
    served(person, dt.date(2020, 1, 1), 5)
    (row,) = rows(line)
    assert (row.verdict, row.column) == ("invalid", column)
    assert row.reason


def test_rows_of_a_sheet_do_not_overlap(person):
    found = rows("A-1,,2021-03-01,2021-03-05,Apia,1,,,", "A-1,,2021-03-05,2021-03-06,Apia,1,,,")
    assert [row.verdict for row in found] == ["new", "invalid"]


def test_days_recorded_meanwhile_stop_it(person):
    made = imports.bring(
        KIND,
        data=data("A-1,,2021-03-01,2021-03-05,Apia,1,,,"),
        name="s.csv",
        content_type="text/csv",
        as_of=AS_OF,
        by=None,
        queue=False,
    )
    imports.stage(made.pk)
    served(person, dt.date(2021, 3, 5), 5)
    imports.ask_to_apply(SheetImport.objects.get(pk=made.pk), by=None, queue=False)
    made = imports.apply(made.pk)
    assert (made.is_open, "overlaps" in made.message) == (True, True)
    assert ServicePeriod.objects.count() == 1
