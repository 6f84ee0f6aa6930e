"""What is missing or odd: each check finds its case and only that, and the list opens and counts the rows."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse

from core.clock import months_after, today
from experts import queries
from experts.models import Accreditation, Expert
from experts.tests.factories import AccreditationFactory, ExpertFactory, served
from members.tests.factories import focal_point, rocb

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def whole(**changes):
    """A person of whom nothing is missing and nothing odd, but for `changes`."""
    expert = ExpertFactory(
        accredited=True, login=True, speaks=["Japanese"], ace_reference=changes.pop("ace_reference", None) or f"AP{Expert.objects.count()}",
        history_confirmed_from=dt.date(2012, 1, 1), profile_confirmed_on=today(),
    )  # fmt: skip
    Expert.objects.filter(pk=expert.pk).update(**changes)
    return expert


def step(expert, **days):
    Accreditation.objects.filter(expert=expert).update(**days)


def months_ago(months):
    return months_after(today(), -months)


CASES = {
    "gone": lambda e: step(e, gone_since=today()),
    "future": lambda e: step(e, ace_entered_on=today() + DAY),
    "order": lambda e: step(e, first_step_on=dt.date(2021, 1, 1)),
    "left_account": lambda e: Expert.objects.filter(pk=e.pk).update(left_on=today()),
    "reference": lambda e: Expert.objects.filter(pk=e.pk).update(ace_reference=""),
    "pending": lambda e: step(e, ace_entered_on=None, accredited_on=months_ago(12) - DAY),
    "first_step": lambda e: step(e, ace_entered_on=None, accredited_on=None, first_step_on=months_ago(24) - DAY),
    "history": lambda e: Expert.objects.filter(pk=e.pk).update(history_confirmed_from=None),
    "email": lambda e: Expert.objects.filter(pk=e.pk).update(email=""),
    "languages": lambda e: e.languages.all().delete(),
    "account": lambda e: Expert.objects.filter(pk=e.pk).update(user=None),
    "profile": lambda e: Expert.objects.filter(pk=e.pk).update(profile_confirmed_on=months_ago(12)),
}


def found():
    people = queries.findings(Expert.objects.all(), today())
    return {person: {check.code for check in checks} for person, checks in people.items()}


def test_of_a_whole_record_nothing_is_said():
    whole()
    assert found() == {}


@pytest.mark.parametrize("code", CASES)
def test_each_check_finds_its_case_alone(code):
    whole()
    odd = whole()
    CASES[code](odd)
    assert found() == {odd.pk: {code}}


@pytest.mark.parametrize(
    "change",
    [
        lambda e: step(e, ace_entered_on=None, accredited_on=months_ago(12)),
        lambda e: step(e, ace_entered_on=None, accredited_on=None, first_step_on=months_ago(24)),
        lambda e: step(e, ended_on=today(), gone_since=today()),
        lambda e: Expert.objects.filter(pk=e.pk).update(profile_confirmed_on=months_ago(12) + DAY),
    ],
)
def test_a_day_earlier_nothing_is_odd(change):
    change(whole())
    assert found() == {}


def test_somebody_who_left_and_has_days_reserved():
    expert = whole(left_on=today(), user=None)
    served(expert, today() + DAY, 3, state="reserved")
    assert found() == {expert.pk: {"left_reserved"}}


def test_every_check_of_this_app_has_its_case():
    own = {check.code for check in queries.checks() if check.holds.__module__ == "experts.queries.quality"}
    assert own == {*CASES, "left_reserved"}


def test_the_offices_see_all_and_an_administration_its_own(client):
    mine, other = ExpertFactory(accredited=True), ExpertFactory(at_home_in="FJ", accredited=True)
    url = reverse("experts:quality")
    client.force_login(rocb())
    assert {person for person, _checks in client.get(url).context["people"]} == {mine, other}
    client.force_login(focal_point("JP"))
    page = client.get(url)
    assert [person for person, _checks in page.context["people"]] == [mine]
    assert {one.number for one in page.context["counts"]} == {1}


def test_a_figure_opens_as_many_rows(client):
    for _ in range(3):
        ExpertFactory(accredited=True)
    AccreditationFactory(expert=ExpertFactory(email=""), ace_entered_on=None)
    client.force_login(rocb())
    url = reverse("experts:quality")
    counts = client.get(url).context["counts"]
    assert len(counts) > 3
    for one in counts:
        assert client.get(url, {"check": one.check.code}).context["total"] == one.number, one.check.code


def test_the_list_as_a_sheet_has_a_line_a_finding(client):
    expert = ExpertFactory(accredited=True, email="", at_home_in="FJ")
    client.force_login(rocb())
    response = client.get(reverse("experts:quality-export", args=["csv"]), {"administration": "FJ"})
    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))[1:]
    assert {line[1] for line in lines} == {expert.family_name}
    assert "no e-mail address" in {line[4] for line in lines}
    assert len(lines) == len(found()[expert.pk])
