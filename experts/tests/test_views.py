"""The pages of the pool, of people and of their days: what they say, to whom, and that every number opens its rows."""

import csv
import datetime as dt
import io
import re
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from core.clock import today
from experts.enums import ServiceState
from experts.models import AreaPriority, Expert, PoolSnapshot, ServicePeriod, Unavailability
from experts.tests.factories import AccreditationFactory, ExpertFactory, area, category, served
from members.tests.factories import centre_head, focal_point, rocb, secretariat, user_of

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
NOT_IN_FULL = {"accredited_on": None, "ace_entered_on": None}


class Rows(HTMLParser):
    """The cells of every row of a page, each with its text and the address it opens."""

    def __init__(self):
        super().__init__()
        self.rows, self.cell, self.depth = [], None, 0

    def handle_starttag(self, tag, attributes):
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"} and self.rows:
            self.cell = ["", ""]
            self.rows[-1].append(self.cell)
        elif tag == "a" and self.cell:
            self.cell[1] = dict(attributes)["href"]

    def handle_endtag(self, tag):
        if tag in {"td", "th"}:
            self.cell = None

    def handle_data(self, data):
        if self.cell:
            self.cell[0] = f"{self.cell[0]} {data.strip()}".strip()


def rows_of(response):
    """The rows of the first table of the page."""
    parser = Rows()
    parser.feed(response.content.decode().partition("</table>")[0])
    return [[(text, url) for text, url in row] for row in parser.rows]


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def sheet(response):
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


@pytest.fixture
def staff(client):
    user = rocb()
    client.force_login(user)
    return user


def names(response):
    return [person.expert.family_name for person in response.context["people"]]


def found(client, query):
    return names(client.get(f"{reverse('experts:experts')}?{query}"))


@pytest.fixture
def pool():
    """Seven accreditations of five people in the table, one pending, one who has left."""
    both = ExpertFactory(family_name="Both", at_home_in="JP", accredited=True, speaks=["French", "English"])
    AccreditationFactory(expert=both, category=category("DF"), area=None)
    AccreditationFactory(expert=both, category=category("AT"), area=area("IPR"), **NOT_IN_FULL)
    ExpertFactory(family_name="Aeo", at_home_in="NZ", accredited=True)
    ExpertFactory(family_name="Step", at_home_in="FJ", first_step=True, speaks=["French"])
    valuer = ExpertFactory(family_name="Valuer", at_home_in="FJ")
    AccreditationFactory(expert=valuer, category=category("AT"), area=area("VAL"))
    cma = ExpertFactory(family_name="Cma", at_home_in="JP")
    AccreditationFactory(expert=cma, category=category("CMA"), area=None, **NOT_IN_FULL)
    pending = ExpertFactory(family_name="Pending", at_home_in="JP")
    AccreditationFactory(expert=pending, ace_entered_on=None)
    gone = ExpertFactory(family_name="Gone", at_home_in="JP", accredited=True)
    gone.left_on = dt.date(2024, 1, 1)
    gone.save()


# The pool table


def test_every_number_of_the_table_opens_as_many_accreditations(client, staff, pool):
    page = client.get(reverse("experts:pool"))
    opened = 0
    for row in rows_of(page):
        for text, url in row:
            if url.startswith(reverse("experts:experts")) and "Distinct" not in row[0][0]:
                assert client.get(url).context["accreditations"] == int(text.split()[0]), url
                opened += 1
    # DF 2, CMA 2, AT 3, VAL 2, IPR 2, TOA 3, AEO 3, total 3: what is not zero.
    assert opened == 20


def test_the_table_says_people_beside_accreditations_and_pending_beside_both(client, staff, pool):
    page = client.get(reverse("experts:pool"))
    text = text_of(page)
    assert "5 people hold 7 accreditations" in text
    assert "1 accreditation waits for its entry in ACE and stands in neither column" in text
    assert "7 experts" not in text
    people = next(row for row in rows_of(page) if row and row[0][0].startswith("Distinct people"))
    number, url = next(cell for cell in people if cell[1])
    assert (int(number), len(names(client.get(url)))) == (5, 5)


def test_zero_prints_as_a_dash_and_opens_nothing(client, staff, pool):
    rows = {row[0][0]: row for row in rows_of(client.get(reverse("experts:pool"))) if row}
    assert rows["Harmonized System"][1:4] == [("–", ""), ("–", ""), ("–", "")]
    assert [text for text, _url in rows["Authorized Economic Operator"][1:4]] == [
        "2 Authorized Economic Operator, fully accredited",
        "1 Authorized Economic Operator, first step",
        "3 Authorized Economic Operator, total",
    ]


def test_the_published_table_stands_beside_with_the_difference(client, staff, pool):
    rows = {row[0][0]: [text for text, _url in row] for row in rows_of(client.get(reverse("experts:pool"))) if row}
    assert rows["Authorized Economic Operator"][4:] == ["3", "7", "10", "−7"]
    assert rows["Total of accreditations"][4:] == ["99", "19", "118", "−111"]


def test_a_past_day_shows_the_pool_of_that_day(client, staff, pool):
    page = client.get(reverse("experts:pool"), {"on": "2023-06-01"})
    assert (page.context["table"].total, page.context["table"].as_of) == (8, dt.date(2023, 6, 1))
    assert "The pool on 1 Jun 2023" in text_of(page)
    before = client.get(reverse("experts:pool"), {"on": "2012-02-29"})
    assert before.context["table"].total == 0
    assert "No need had been stated by this day." in text_of(before)


@pytest.mark.parametrize("day", ["tomorrow", "2999-01-01", "31.12.2020", ""])
def test_a_day_that_is_no_past_day_shows_today(client, staff, pool, day):
    page = client.get(reverse("experts:pool"), {"on": day})
    assert page.status_code == 200
    assert page.context["day"] == today()
    assert bool(page.context["form"].errors) is bool(day)


def test_needs_stated_are_shown_and_the_unknown_is_not_zero(client, staff, pool):
    text = text_of(client.get(reverse("experts:pool")))
    assert "Authorized Economic Operator more experts needed 2 fully accredited, 1 first step" in text
    assert "Integrity information wanted nobody is accredited; what the region knows is unknown, not zero" in text
    AreaPriority.objects.filter(area__code="INT").update(until=today())
    assert "Integrity information wanted" not in text_of(client.get(reverse("experts:pool")))


def test_both_words_of_t1_and_t2_are_kept(client, staff):
    text = text_of(client.get(reverse("experts:pool")))
    assert "AT (T1) T1 names IPR as an example of a trainer area" in text
    assert "TOA (T2) T2 counts five advisors" in text


def test_the_chart_counts_people_by_area_against_the_band(client, staff, pool):
    AccreditationFactory(expert=Expert.objects.get(family_name="Aeo"), category=category("AT"))
    AccreditationFactory(expert=Expert.objects.get(family_name="Both"), category=category("AT"), **NOT_IN_FULL)
    chart = client.get(reverse("experts:pool")).context["chart"]
    rows = {row[0]: row[1:3] for row in chart.rows}
    assert (rows["Authorized Economic Operator"], rows["WCO Data Model"]) == (("2", "1"), ("–", "–"))
    assert chart.title == "No area has 3 fully accredited people"


def test_the_table_as_a_sheet(client, staff, pool):
    response = client.get(reverse("experts:pool-export", args=["csv"]), {"on": today().isoformat()})
    lines = sheet(response)
    assert ["TOA", "AEO", "Authorized Economic Operator", "2", "1", "3"] in lines
    assert lines[-3:] == [
        ["", "", "Total of accreditations", "4", "3", "7"],
        ["", "", "Distinct people", "", "", "5"],
        ["", "", "Accredited, ACE entry pending (in no column)", "", "", "1"],
    ]


def test_the_page_stands_without_a_published_table(client, staff):
    PoolSnapshot.objects.all().delete()
    assert client.get(reverse("experts:pool")).context["beside"].snapshot is None


# The list


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Aeo", "Both", "Cma", "Pending", "Step", "Valuer"]),
        ("stage=pool", ["Aeo", "Both", "Cma", "Step", "Valuer"]),
        ("stage=full&area=AEO", ["Aeo", "Both"]),
        ("stage=first_step&area=AEO", ["Step"]),
        ("stage=first_step&category=AT", ["Both"]),
        ("stage=full&category=AT&area=IPR", []),
        ("stage=entry_pending", ["Pending"]),
        ("stage=none", []),
        ("stage=left", ["Gone"]),
        ("stage=full&on=2023-06-01&area=AEO", ["Aeo", "Both", "Gone"]),
        ("on=2019-06-01&stage=first_step&area=AEO", ["Aeo", "Both", "Gone", "Pending", "Step"]),
        ("administration=FJ", ["Step", "Valuer"]),
        ("subregion=ASEAN", []),
        ("language=French", ["Both", "Step"]),
        ("language=French&administration=FJ", ["Step"]),
        ("q=both", ["Both"]),
        ("q=trusted", ["Aeo", "Both", "Pending", "Step"]),
        ("q=trusted+fiji", ["Step"]),
        ("q=step+fiji", ["Step"]),
        ("q=valuation+step", []),
        ("q=toa+new", ["Aeo"]),
        ("q=uthorized", []),
        ("q=gone", []),
        ("q=gone&stage=left", ["Gone"]),
    ],
)
def test_filters_combine(client, staff, pool, query, expected):
    assert found(client, query) == expected


def test_category_area_and_step_speak_of_one_accreditation(client, staff, pool):
    """Both is full as TOA in AEO and first step as AT in IPR; nobody is full as AT in IPR."""
    page = client.get(reverse("experts:experts"), {"category": "AT", "area": "IPR"})
    assert (names(page), page.context["accreditations"]) == (["Both"], 1)


@pytest.mark.parametrize("query", ["on=nonsense", "area=XX", "stage=best", "administration=1", "page=x", "sort=secret"])
def test_an_odd_question_is_answered_without_it(client, staff, pool, query):
    assert len(found(client, query)) == 6


@pytest.mark.parametrize(
    ("sort", "first"), [("name", "Aeo"), ("-name", "Valuer"), ("administration", "Step"), ("-administration", "Aeo")]
)
def test_the_list_sorts_both_ways(client, staff, pool, sort, first):
    assert found(client, f"sort={sort}")[0] == first


def test_an_htmx_question_gets_the_rows_of_the_whole_page(client, staff, pool):
    url = f"{reverse('experts:experts')}?area=AEO&stage=full"
    whole = client.get(url).content.decode()
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    body = re.search(r"<table.*?</table>", whole, re.DOTALL).group()
    assert body == re.search(r"<table.*?</table>", part, re.DOTALL).group()
    assert 'id="filter-chips" hx-swap-oob="true"' in part
    assert 'id="filter-chips">' in whole


def test_the_list_goes_on_over_pages(client, staff):
    ExpertFactory.create_batch(30, accredited=True)
    first, second = client.get(reverse("experts:experts")), client.get(reverse("experts:experts"), {"page": 2})
    assert (len(names(first)), len(names(second)), first.context["total"]) == (25, 5, 30)
    assert not set(names(first)) & set(names(second))


@pytest.mark.parametrize(
    ("name", "ending"),
    [("experts:experts", ""), ("experts:experts-export", "csv"), ("experts:pool", ""), ("experts:areas", "")],
)
def test_lists_ask_as_often_for_many_as_for_one(client, staff, name, ending):
    url = reverse(name, args=[ending] if ending else [])

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(url, {"stage": "pool"}).status_code == 200
        return len(caught)

    ExpertFactory(accredited=True, speaks=["English"])
    client.get(url)
    one = queries()
    for number in range(5):
        expert = ExpertFactory(accredited=True, speaks=["English", "Thai"])
        AccreditationFactory(expert=expert, category=category("DF"), area=None)
        served(expert, dt.date(2025, 1 + number, 1), 5)
    assert queries() == one


def test_a_stranger_of_the_pool_is_not_listed_to_other_administrations(client):
    ExpertFactory(family_name="Known", at_home_in="JP", accredited=True)
    ExpertFactory(family_name="Unknown", at_home_in="JP")
    ExpertFactory(family_name="Own", at_home_in="FJ")
    client.force_login(focal_point("FJ"))
    assert found(client, "") == ["Known", "Own"]
    client.force_login(centre_head("JP"))
    assert found(client, "") == ["Known"]
    client.force_login(secretariat())
    assert found(client, "") == ["Known", "Own", "Unknown"]


def test_the_sheet_holds_private_facts_of_own_people_alone(client):
    own = ExpertFactory(family_name="Own", at_home_in="FJ", accredited=True, phone="+679 1", ace_reference="ACE-1")
    served(own, dt.date(2025, 1, 6), 5)
    ExpertFactory(family_name="Other", at_home_in="JP", accredited=True, phone="+81 1", ace_reference="ACE-2")
    client.force_login(focal_point("FJ"))
    head, *lines = sheet(client.get(reverse("experts:experts-export", args=["csv"])))
    private = {line[0]: line[head.index("ACE reference") :] for line in lines}
    assert private["Own"] == [
        "ACE-1",
        "'" + own.email if own.email[0] in "=+-@" else own.email,
        "'+679 1",
        "5",
        "0",
        "79",
        "2025-01-10",
    ]
    assert private["Other"] == [""] * 7


def test_the_sheet_follows_the_filter_and_runs_nothing(client, staff, pool):
    Expert.objects.filter(family_name="Valuer").update(family_name="=HYPERLINK(1)")
    _head, *lines = sheet(client.get(reverse("experts:experts-export", args=["csv"]), {"area": "VAL"}))
    assert [line[:6] for line in lines] == [
        ["'=HYPERLINK(1)", "Given", "Fiji", "Australasia / Oceania", "AT", "Customs Valuation"]
    ]


def test_the_sheet_has_a_line_for_each_accreditation(client, staff, pool):
    _head, *lines = sheet(client.get(reverse("experts:experts-export", args=["csv"]), {"q": "both"}))
    assert [(line[4], line[5], line[6]) for line in lines] == [
        ("DF", "", "fully accredited"),
        ("TOA", "Authorized Economic Operator", "fully accredited"),
        ("AT", "Intellectual Property Rights", "first step"),
    ]


# Areas


def test_all_areas_are_there_and_any_of_their_words_finds_them(client, staff):
    assert len(client.get(reverse("experts:areas")).context["rows"]) == 29
    for words, expected in {
        "tariff classification": ["HS"],
        "trusted trader": ["AEO"],
        "CANINE": ["K9"],
        "preferential": ["ROO"],
        "origin dogs": [],
    }.items():
        rows = client.get(reverse("experts:areas"), {"q": words}).context["rows"]
        assert [row.area.code for row in rows] == expected, words


def test_an_area_of_which_nobody_informed_us_is_unknown(client, staff, pool):
    rows = {row.area.code: row for row in client.get(reverse("experts:areas")).context["rows"]}
    assert {code: rows[code].is_unknown for code in ("INT", "RM", "AEO")} == {"INT": True, "RM": False, "AEO": False}
    AccreditationFactory(expert=Expert.objects.get(family_name="Cma"), area=area("INT"))
    rows = {row.area.code: row for row in client.get(reverse("experts:areas")).context["rows"]}
    assert not rows["INT"].is_unknown


def test_figures_of_areas_open_people_only_for_those_who_may_see_them(client, pool):
    client.force_login(focal_point("FJ"))
    for row in rows_of(client.get(reverse("experts:areas"))):
        for text, url in row:
            if url.startswith(reverse("experts:experts")):
                assert client.get(url).context["accreditations"] == int(text.split()[0])
    client.force_login(ExpertFactory(login=True).user)
    page = client.get(reverse("experts:areas"))
    assert page.status_code == 200
    assert reverse("experts:experts") + "?" not in page.content.decode()


# One person


@pytest.fixture
def person():
    expert = ExpertFactory(
        at_home_in="JP",
        accredited=True,
        login=True,
        office="Valuation Division",
        phone="+81 555",
        ace_reference="ACE-9",
    )
    Unavailability.objects.create(
        expert=expert, first_day=today() + DAY, last_day=today() + 9 * DAY, reason="Parental leave"
    )
    return expert


SECRETS = ("Valuation Division", "+81 555", "ACE-9", "Parental leave")


@pytest.mark.parametrize(
    ("who", "knows"),
    [("rocb", True), ("secretariat", True), ("home", True), ("person", True), ("other", False), ("centre", False)],
)
def test_contact_and_reasons_are_for_offices_home_and_person(client, person, who, knows):
    users = {
        "rocb": rocb,
        "secretariat": secretariat,
        "home": lambda: focal_point("JP"),
        "person": lambda: person.user,
        "other": lambda: focal_point("FJ"),
        "centre": lambda: centre_head("JP"),
    }
    client.force_login(users[who]())
    page = client.get(person.get_absolute_url()).content.decode()
    body = page.replace(person.user.email, "", 1) if who == "person" else page
    assert person.name in body
    assert "Authorized Economic Operator" in body
    assert [secret in body for secret in SECRETS] == [knows] * 4
    assert (f"mailto:{person.email}" in body) is knows
    assert client.get(reverse("experts:cap", args=[person.pk])).status_code == (200 if knows else 403)


def test_another_expert_and_a_hidden_candidate_do_not_exist(client, person):
    client.force_login(ExpertFactory(login=True, accredited=True).user)
    assert client.get(person.get_absolute_url()).status_code == 404
    hidden = ExpertFactory(at_home_in="JP")
    client.force_login(focal_point("FJ"))
    for name in ("expert", "cap", "service-add", "availability-add", "history-confirm"):
        assert client.get(reverse(f"experts:{name}", args=[hidden.pk])).status_code == 404


def test_an_expert_finds_the_own_record(client, person):
    client.force_login(person.user)
    assert client.get(reverse("experts:own")).headers["Location"] == person.get_absolute_url()
    home = client.get("/").content.decode()
    assert reverse("experts:own") in home
    assert reverse("experts:cap", args=[person.pk]) in home
    client.force_login(user_of("expert"))
    assert client.get(reverse("experts:own")).status_code == 404


def test_the_page_of_somebody_who_left_says_so(client, staff, person):
    person.left_on, person.left_reason = today() - DAY, "Retired"
    person.save()
    page = client.get(person.get_absolute_url())
    assert "is asked no more" in text_of(page)
    assert page.context["standing"]["label"] == "left"


def test_parts_of_the_apps_above_are_links_without_script(client, staff, person):
    page = client.get(person.get_absolute_url()).content.decode()
    for name in ("candidates:of-expert", "missions:of-expert"):
        url = reverse(name, args=[person.pk])
        assert f'hx-get="{url}"' in page
        assert f'<a href="{url}">' in page
        assert client.get(url).status_code == 200


# Days


def post(client, name, pk, **answers):
    return client.post(reverse(f"experts:{name}", args=[pk]), answers)


SERVICE = {
    "first_day": "2025-03-03",
    "last_day": "2025-03-14",
    "place": "Suva",
    "role": "1",
    "under_scheme": "yes",
    "source_note": "Letter",
    "counts": "",
}


def test_the_ledger_page_says_what_is_free_and_what_falls_out(client, staff, person):
    served(person, today() - 400 * DAY, 28, place="Apia", source_note="List of 2025")
    page = client.get(reverse("experts:cap", args=[person.pk]))
    text = text_of(page)
    assert "56 days free now; 84 from" in text
    assert "when the days in Apia fall out" in text
    assert "recorded by staff" in text
    assert "List of 2025" in text
    assert f"History not confirmed before {date_format(person.created_at, 'j M Y')}" in text
    assert "<svg" in page.content.decode()
    assert page.context["chart"].title == "28 of 84 days used or reserved, 56 left"


def test_for_people_whom_the_cap_does_not_bind_the_figures_inform(client, staff):
    candidate = ExpertFactory(first_step=True)
    text = text_of(client.get(reverse("experts:cap", args=[candidate.pk])))
    assert "Days of service, as information" in text
    assert "All 12 weeks are free." in text


def test_the_chart_holds_each_day_on_which_the_total_changes(client, staff, person):
    first = today() - 100 * DAY
    served(person, first, 3, place="<b>Suva</b>")
    chart = client.get(reverse("experts:cap", args=[person.pk])).context["chart"]
    figures = [int(cells[1]) for cells in chart.rows]
    assert figures == [0, 1, 2, 3, 2, 1, 0]
    assert "<b>" not in chart.svg


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("days=14", "A mission of 14 days fits from"),
        ("days=85", "A mission of 85 days never fits"),
        ("days=0", "greater than or equal to 1"),
        ("days=&not_before=x", "Enter a valid date"),
        ("days=5&not_before=9999-12-31", "too far ahead"),
    ],
)
def test_the_earliest_day_is_found_or_refused_in_words(client, staff, person, query, said):
    assert said in text_of(client.get(f"{reverse('experts:cap', args=[person.pk])}?{query}"))


def test_the_earliest_day_passes_over_days_not_available(client, staff, person):
    answer = client.get(reverse("experts:cap", args=[person.pk]), {"days": 5}).context["answer"]
    assert (answer["first"], answer["last"]) == (today() + 10 * DAY, today() + 14 * DAY)


def test_offices_record_past_service_and_take_it_back(client, person):
    client.force_login(secretariat())
    cap = reverse("experts:cap", args=[person.pk])
    assert post(client, "service-add", person.pk, **SERVICE).headers["Location"] == cap
    period = ServicePeriod.objects.get()
    assert (period.days, period.counts, period.source_note) == (12, True, "Letter")
    url = reverse("experts:service-take-back", args=[period.pk])
    assert url in client.get(cap).content.decode()
    assert "recorded by mistake" in text_of(client.get(url))
    assert client.post(url).headers["Location"] == cap
    period.refresh_from_db()
    assert period.state == ServiceState.RELEASED
    again = client.post(url)
    assert again.status_code == 422
    assert "Somebody was faster" in text_of(again)
    assert url not in client.get(cap).content.decode()


def test_what_was_typed_stays_when_service_is_refused(client, staff, person):
    refused = post(client, "service-add", person.pk, **{**SERVICE, "counts": "no", "place": "Port Vila"})
    assert refused.status_code == 422
    assert "Please give the reason" in text_of(refused)
    assert 'value="Port Vila"' in refused.content.decode()
    assert not ServicePeriod.objects.exists()


def test_lines_of_missions_are_not_taken_back_by_hand(client, staff, person):
    period = served(person, dt.date(2025, 1, 6), 5, source="mission", reference=person.pk)
    assert client.get(reverse("experts:service-take-back", args=[period.pk])).status_code == 404


def test_a_ledger_that_may_not_be_seen_has_no_lines_to_take_back(client, person):
    url = reverse("experts:service-take-back", args=[served(person, dt.date(2025, 1, 6), 5).pk])
    for user, status in (
        (focal_point("FJ"), 404),
        (centre_head("JP"), 404),
        (focal_point("JP"), 403),
        (person.user, 403),
    ):
        client.force_login(user)
        assert client.post(url).status_code == status
    assert ServicePeriod.objects.get().state == ServiceState.USED


def test_the_second_to_confirm_is_told_and_keeps_what_was_typed(client, staff, person):
    url = reverse("experts:history-confirm", args=[person.pk])
    drawn = client.get(url).context["version"]
    assert client.post(url, {"complete_from": "2024-01-01", "version": drawn}).status_code == 302
    second = client.post(url, {"complete_from": "2020-05-05", "note": "By telephone", "version": drawn})
    assert second.status_code == 422
    assert "Somebody was faster" in text_of(second)
    assert "By telephone" in second.content.decode()
    fresh = second.context["version"]
    assert client.post(url, {"complete_from": "2020-05-05", "version": fresh}).status_code == 302
    assert Expert.objects.get(pk=person.pk).history_confirmed_from == dt.date(2020, 5, 5)


@pytest.mark.parametrize(
    ("who", "status"), [("person", 302), ("home", 302), ("rocb", 302), ("secretariat", 403), ("other", 403)]
)
def test_person_home_and_rocb_say_when_somebody_cannot_be_asked(client, person, who, status):
    users = {
        "person": lambda: person.user,
        "home": lambda: focal_point("JP"),
        "rocb": rocb,
        "secretariat": secretariat,
        "other": lambda: focal_point("FJ"),
    }
    client.force_login(users[who]())
    first = (today() + 30 * DAY).isoformat()
    assert post(client, "availability-add", person.pk, first_day=first, last_day=first).status_code == status
    row = Unavailability.objects.order_by("first_day")[0]
    assert post(client, "availability-remove", row.pk).status_code == status
    assert Unavailability.objects.filter(pk=row.pk).exists() is (status != 302)


def test_days_out_of_order_are_refused_in_words(client, staff, person):
    refused = post(
        client, "availability-add", person.pk, first_day=(today() + 3 * DAY).isoformat(), last_day=today().isoformat()
    )
    assert refused.status_code == 422
    assert "The last day is before the first." in text_of(refused)


def test_experts_do_not_open_the_pool(client):
    client.force_login(user_of("expert"))
    for name in ("experts:pool", "experts:experts"):
        assert client.get(reverse(name)).status_code == 403
        assert client.get(reverse(f"{name}-export", args=["csv"])).status_code == 403
