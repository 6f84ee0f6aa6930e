"""The directory: what each question finds, whom it may be asked about, and that days are counted as the ledger counts them."""

import datetime as dt
import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.clock import today
from core.models import SavedSearch
from experts import ledger, queries
from experts.enums import ServiceState
from experts.models import Expert, Unavailability
from experts.tests.factories import AccreditationFactory, ExpertFactory, area, category, served
from members.tests.factories import administration, centre_head, focal_point, rocb

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
URL = "experts:experts"


def people_in(response):
    return [person.expert.family_name for person in response.context["people"]]


def ask(client, query=""):
    return client.get(f"{reverse(URL)}?{query}")


def found(client, query):
    return people_in(ask(client, query))


@pytest.fixture
def staff(client):
    user = rocb()
    client.force_login(user)
    return user


@pytest.fixture
def three(staff):
    """Busy of Japan is away now and has used 80 days, Rested of Fiji served long ago, Fresh of Japan never did."""
    now = today()
    busy = ExpertFactory(family_name="Busy", at_home_in="JP", accredited=True, speaks=["English", "Japanese"])
    served(busy, now - 200 * DAY, 80)
    Unavailability.objects.create(expert=busy, first_day=now + 10 * DAY, last_day=now + 20 * DAY)
    rested = ExpertFactory(family_name="Rested", at_home_in="FJ", speaks=["English", "French"])
    AccreditationFactory(expert=rested, category=category("AT"), area=area("VAL"), accredited_on=dt.date(2018, 1, 1))
    served(rested, now - 1300 * DAY, 5)
    served(rested, now + 30 * DAY, 5, state=ServiceState.RESERVED)
    served(rested, now + 60 * DAY, 5, state=ServiceState.RELEASED)
    fresh = ExpertFactory(family_name="Fresh", at_home_in="JP", speaks=["English"], ace_reference="ACE-77")
    AccreditationFactory(expert=fresh, category=category("DF"), area=None, ace_entered_on=dt.date(2023, 5, 1))
    return busy, rested, fresh


def span(first, last):
    return f"free_after={today() + first * DAY}&free_before={today() + last * DAY}"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=japanese", ["Busy"]),
        ("q=japan", ["Busy", "Fresh"]),
        ("q=japan+trusted", ["Busy"]),
        ("q=oceania+valu", ["Rested"]),
        ("q=diagnostician", ["Fresh"]),
        ("q=facilitator+fres", ["Fresh"]),
        ("q=expert", []),
        ("q=fiji+@customs.example", ["Rested"]),
        ("q=ace-77", ["Fresh"]),
        ("area=AEO&area=VAL", ["Busy", "Rested"]),
        ("area=AEO&area=VAL&category=AT", ["Rested"]),
        ("last=never", ["Fresh"]),
        ("last=12", ["Busy"]),
        ("last=not12", ["Rested"]),
        ("last=not36", ["Rested"]),
        ("days=5", ["Fresh", "Rested"]),
        ("days=84", ["Fresh"]),
        ("days=4", ["Busy", "Fresh", "Rested"]),
        ("days=85", []),
        ("days=0", ["Busy", "Fresh", "Rested"]),
        ("free_after=tomorrow", ["Busy", "Fresh", "Rested"]),
        ("sort=days", ["Fresh", "Rested", "Busy"]),
        ("sort=-days", ["Busy", "Rested", "Fresh"]),
        ("sort=last", ["Rested", "Busy", "Fresh"]),
        ("sort=-last", ["Busy", "Rested", "Fresh"]),
        ("sort=since", ["Busy", "Rested", "Fresh"]),
        ("sort=-since", ["Fresh", "Busy", "Rested"]),
    ],
)
def test_what_each_question_finds(client, three, query, expected):
    assert found(client, query) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (0, 9, ["Busy", "Fresh", "Rested"]),
        (0, 10, ["Fresh", "Rested"]),
        (20, 29, ["Fresh", "Rested"]),
        (21, 29, ["Busy", "Fresh", "Rested"]),
        (34, 40, ["Busy", "Fresh"]),
        (40, 34, ["Busy", "Fresh"]),
        (60, 64, ["Busy", "Fresh", "Rested"]),
    ],
)
def test_free_is_who_is_neither_unavailable_nor_reserved_on_any_day(client, three, first, last, expected):
    assert found(client, span(first, last)) == expected


def test_one_day_alone_is_that_day(client, three):
    assert found(client, f"free_after={today() + 15 * DAY}") == ["Fresh", "Rested"]


def test_all_is_judged_on_the_day_asked_for(client, three):
    then = today() - 1250 * DAY
    assert found(client, f"last=never&on={then}") == ["Busy", "Fresh"]
    # The fullest window around that day holds 46 of the 80 days of the one, and the 5 of the other.
    assert found(client, f"days=38&on={then}") == ["Busy", "Fresh", "Rested"]
    assert found(client, f"days=39&on={then}") == ["Fresh", "Rested"]
    assert found(client, f"days=80&on={then}") == ["Fresh"]


def test_an_administration_asks_about_the_days_of_its_own_people_alone(client, three):
    client.force_login(focal_point("FJ"))
    assert found(client, "") == ["Busy", "Fresh", "Rested"]
    page = ask(client, "days=1")
    assert people_in(page) == ["Rested"]
    assert "your own people only" in page.content.decode()
    # By days of the cap, the own people are in order; the others stand behind them, in the order of their names.
    ExpertFactory(family_name="Zed", at_home_in="FJ", accredited=True)
    assert found(client, "sort=days") == ["Zed", "Rested", "Busy", "Fresh"]
    assert found(client, "sort=-days") == ["Rested", "Zed", "Busy", "Fresh"]
    # The register's own words are for the offices.
    assert found(client, "q=ace-77") == []


def test_a_centre_is_not_asked_about_days(client, three):
    client.force_login(centre_head("MY"))
    page = ask(client, "days=84")
    assert "days" not in page.context["filterset"].form.fields
    assert people_in(page) == ["Busy", "Fresh", "Rested"]
    assert {column.name for column in page.context["columns"]} == {
        "administration",
        "held",
        "languages",
        "last",
        "days",
    }
    assert not {"email", "ace"} & {column.name for column, _shown in page.context["column_choices"]}


def test_others_read_the_year_of_the_last_mission_and_the_home_its_day(client, three):
    last = today() - 121 * DAY
    ends = today() - 200 * DAY + 79 * DAY
    assert last == ends
    client.force_login(focal_point("FJ"))
    text = ask(client, "q=busy").content.decode()
    assert f">{ends.year}</td>" in text
    client.force_login(focal_point("JP"))
    assert f">{ends.day} {ends:%b} {ends.year}</td>" in ask(client, "q=busy").content.decode()


def test_columns_are_chosen_and_kept_in_the_address(client, three):
    page = ask(client, "columns=email&columns=since&columns=nonsense&area=VAL")
    assert [column.name for column in page.context["columns"]] == ["since", "email"]
    text = page.content.decode()
    assert three[1].email in text
    assert '<input type="hidden" name="columns" value="email">' in text
    assert "Accredited in</th>" not in text


def test_contact_stays_private_in_a_chosen_column(client, three):
    client.force_login(focal_point("FJ"))
    text = ask(client, "columns=email&columns=ace").content.decode()
    assert three[1].email in text
    assert three[0].email not in text
    assert "ACE-77" not in text


def test_an_empty_answer_says_which_question_is_in_the_way(client, three):
    page = ask(client, "q=busy&language=French")
    assert page.context["looser"] == [
        ("Name, area, language or administration", "?language=French", 1),
        ("Language", "?q=busy", 1),
    ]
    assert found(client, "q=busy") == ["Busy"]
    assert ask(client, "q=busy&area=HS&language=French").context["looser"] == []


def random_ledgers(number):
    draw = random.Random(12)
    for n in range(number):
        expert = ExpertFactory(accredited=n % 3 > 0, accredited__accredited_on=today() - draw.randint(0, 2000) * DAY)
        AccreditationFactory._meta.model.objects.filter(expert=expert).update(ace_entered_on=today() - 900 * DAY)
        for _ in range(draw.randint(0, 5)):
            first = today() + draw.randint(-1800, 1200) * DAY
            state = draw.choice(ServiceState.values)
            served(expert, first, draw.randint(1, 60), state=state, counts=draw.random() < 0.9)


def test_days_are_counted_for_all_as_the_ledger_counts_them_for_one(staff):
    random_ledgers(40)
    for day in (today(), today() - 700 * DAY, today() + 800 * DAY):
        people = Expert.objects.with_ledger()
        with CaptureQueriesContext(connection) as caught:
            counted = queries.days_counted(Expert.objects.all(), day)
        assert len(caught) <= 3
        positions = {expert.pk: ledger.position(expert, day) for expert in people}
        assert {pk: counted.get(pk, 0) for pk in positions} == {pk: p.total for pk, p in positions.items()}
        enough = set(queries.with_days_left(Expert.objects.all(), 60, day).values_list("pk", flat=True))
        assert enough == {pk for pk, p in positions.items() if p.left >= 60}
        assert 0 < len(enough) < 40


@pytest.mark.parametrize("query", ["", "sort=days", "sort=-last", "days=10&last=not12&q=japan+aeo", "q=nobody+at+all"])
def test_a_question_costs_the_same_for_many(client, staff, query):
    def asked():
        with CaptureQueriesContext(connection) as caught:
            ask(client, query)
        return len(caught)

    def grow():
        for _ in range(3):
            expert = ExpertFactory(at_home_in="JP", accredited=True, speaks=["French"])
            served(expert, today() - 700 * DAY, 10)

    grow()
    asked()
    before = asked()
    grow()
    assert asked() == before
    assert before < 40


def test_the_sheet_holds_all_in_the_order_of_the_list(client, three):
    url = reverse("experts:experts-export", args=["csv"])
    lines = client.get(f"{url}?sort=days").content.decode("utf-8-sig").splitlines()[1:]
    assert [line.split(",")[0] for line in lines] == ["Fresh", "Rested", "Busy"]


# Saved searches, on this list


def save(client, name, query, page=URL):
    return client.post(f"{reverse('core:search-save')}?list={page}&query={query}", {"name": name})


def test_a_search_is_kept_opened_renamed_and_let_go(client, three, staff):
    page = ask(client, "area=VAL&page=1&language=")
    assert page.context["search_query"] == "area=VAL"
    assert "Save this search" in page.content.decode()
    kept = save(client, "Valuers", "area%3DVAL")
    assert kept.url == f"{reverse(URL)}?area=VAL"
    page = client.get(kept.url)
    assert people_in(page) == ["Rested"]
    assert page.context["saved_searches"] == [("Valuers", kept.url, True)]
    assert "Save this search" not in page.content.decode()
    search = SavedSearch.objects.get(user=staff)
    assert client.post(reverse("core:search-rename", args=[search.pk]), {"name": "Value"}).status_code == 302
    assert [
        [str(row) for row, _url in rows] for _title, rows in client.get(reverse("core:searches")).context["groups"]
    ] == [["Value"]]
    assert client.post(reverse("core:search-delete", args=[search.pk])).status_code == 302
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize(
    ("name", "query", "page", "sentence"),
    [
        ("Valuers", "area%3DAEO", URL, "You have a search of this name on this list already."),
        ("Other", "", URL, "Nothing is searched for yet."),
        ("Other", "page%3D2", URL, "Nothing is searched for yet."),
        ("Other", "q%3Da", "rocb_portal:home", "This search cannot be kept."),
        ("Other", "q%3Da", "experts:expert", "This search cannot be kept."),
        ("Other", "q%3Da", "https://elsewhere.example/", "This search cannot be kept."),
        ("Other", f"q%3D{'a' * 1100}", URL, "This search cannot be kept."),
        ("", "q%3Da", URL, "Please answer this."),
    ],
)
def test_what_cannot_be_kept_is_said(client, staff, name, query, page, sentence):
    SavedSearch.objects.create(user=staff, page=URL, name="Valuers", query="area=VAL")
    answer = save(client, name, query, page)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert SavedSearch.objects.count() == 1


def test_searches_are_everybodys_own(client, staff):
    other = focal_point("FJ")
    search = SavedSearch.objects.create(user=other, page=URL, name="Theirs", query="area=VAL")
    assert ask(client).context["saved_searches"] == []
    for name in ("core:search-rename", "core:search-delete"):
        assert client.post(reverse(name, args=[search.pk]), {"name": "Mine"}).status_code == 404
    assert save(client, "Theirs", "area%3DVAL").status_code == 302
    assert administration("FJ") in {row.administration for row in other.party_rows}


def test_while_typing_the_way_to_keep_the_search_follows(client, three):
    answer = client.get(reverse(URL), {"q": "busy"}, headers={"HX-Request": "true"}).content.decode()
    assert 'id="saved-searches" hx-swap-oob="true"' in answer
    assert "query=q%3Dbusy" in answer
