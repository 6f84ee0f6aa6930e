import csv
import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.enums import Origin
from candidates.models import Listing
from core.clock import today
from experts.models import Expert
from experts.tests.factories import ExpertFactory, area
from members.tests.factories import administration, centre_head, focal_point, rocb, secretariat, user_of

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def listing(family_name, code="NII", home="JP", **fields):
    expert = fields.pop("expert", None) or ExpertFactory(family_name=family_name, at_home_in=home)
    return Listing.objects.create(
        **{"expert": expert, "area": area(code), "origin": Origin.ROCB, "listed_on": today() - 9 * DAY, **fields}
    )


@pytest.fixture
def staff(client):
    user = rocb()
    client.force_login(user)
    return user


@pytest.fixture
def lines():
    """Four on the list, one of them recommended by the centre of Malaysia, and one who left it."""
    listing("Scanner", "NII", "JP", note="Reads images")
    listing("Dog", "K9", "FJ", origin=Origin.ADMINISTRATION, recommended_by=administration("FJ"))
    listing("Taught", "INT", "TH", origin=Origin.CENTRE, recommended_by=administration("MY"))
    listing("Auditor", "PCA", "JP")
    listing("Gone", "NII", "JP", left_on=today(), left_reason="Moved on")


def found(client, query=""):
    page = client.get(f"{reverse('candidates:listings')}?{query}")
    return [row.expert.family_name for row in page.context["rows"]]


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Auditor", "Scanner", "Taught", "Dog"]),
        ("area=NII", ["Scanner"]),
        ("area=NII&standing=all", ["Gone", "Scanner"]),
        ("standing=left", ["Gone"]),
        ("administration=JP", ["Auditor", "Scanner"]),
        ("origin=centre", ["Taught"]),
        ("q=x-ray", ["Scanner"]),
        ("q=japan+audit", ["Auditor"]),
        ("q=dog+japan", []),
        ("sort=-name", ["Taught", "Scanner", "Dog", "Auditor"]),
        ("area=nonsense", ["Auditor", "Scanner", "Taught", "Dog"]),
    ],
)
def test_the_list_filters_and_sorts(client, staff, lines, query, expected):
    assert found(client, query) == expected


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (secretariat, ["Auditor", "Scanner", "Taught", "Dog"]),
        (lambda: focal_point("JP"), ["Auditor", "Scanner"]),
        (lambda: focal_point("MY"), []),
        (lambda: centre_head("MY"), ["Taught"]),
        (lambda: centre_head("JP"), []),
    ],
)
def test_everybody_sees_the_own_lines(client, lines, who, expected):
    client.force_login(who())
    assert found(client) == expected
    sheet = client.get(reverse("candidates:listings-export", args=["csv"])).content.decode("utf-8-sig")
    assert [line[0] for line in csv.reader(io.StringIO(sheet))][1:] == expected
    for line in Listing.objects.open(today()):
        status = 200 if line.expert.family_name in expected else 404
        assert client.get(line.get_absolute_url()).status_code == status


def test_the_list_asks_as_often_for_many_as_for_one(client, staff):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            client.get(reverse("candidates:listings"))
        return len(caught)

    listing("One")
    client.get(reverse("candidates:listings"))
    one = queries()
    for number in range(4):
        listing(f"More{number}", "K9", "FJ", origin=Origin.CENTRE, recommended_by=administration("MY"))
    assert queries() == one


def test_an_htmx_question_gets_the_rows_alone(client, staff, lines):
    part = client.get(reverse("candidates:listings"), {"area": "NII"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "Scanner" in part
    assert 'id="filter-chips" hx-swap-oob="true"' in part


def test_the_record_of_a_candidate_opens_only_for_those_who_may_see_it(client, lines):
    """A centre sees whom it recommended; the person's record is the pool's and the home administration's."""
    line = Listing.objects.get(expert__family_name="Taught")
    client.force_login(centre_head("MY"))
    assert line.expert.get_absolute_url() not in client.get(line.get_absolute_url()).content.decode()
    client.force_login(focal_point("TH"))
    assert line.expert.get_absolute_url() in client.get(line.get_absolute_url()).content.decode()


NEW = {
    "expert": "",
    "given_name": "An",
    "family_name": "Example",
    "email": "an@customs.example",
    "origin": "rocb",
    "listed_on": "2026-01-05",
    "note": "Known for scanning",
}


def add(client, **answers):
    body = {**NEW, "administration": administration("FJ").pk, "area": area("NII").pk, **answers}
    return client.post(reverse("candidates:listing-add"), body)


def test_rocb_lists_somebody_new(client, staff):
    done = add(client)
    line = Listing.objects.get()
    assert done.headers["Location"] == line.get_absolute_url()
    assert (line.expert.name, line.expert.administration.code, line.area.code) == ("An Example", "FJ", "NII")
    assert (line.listed_on, line.note, line.listed_by) == (dt.date(2026, 1, 5), "Known for scanning", staff)


def test_rocb_lists_somebody_known(client, staff):
    known = ExpertFactory(at_home_in="JP", accredited=True)
    page = client.get(reverse("candidates:listing-add"), {"expert": str(known.pk)})
    assert f'value="{known.pk}" selected' in page.content.decode()
    done = add(client, expert=known.pk, given_name="", family_name="", administration="", origin="administration")
    assert done.status_code == 302
    assert Listing.objects.get().recommended_by.code == "JP"
    assert Expert.objects.count() == 1


@pytest.mark.parametrize(
    ("answers", "marked"),
    [
        ({"given_name": "", "administration": ""}, {"given_name", "administration"}),
        ({"area": ""}, {"area"}),
        ({"origin": ""}, {"origin"}),
        ({"origin": "centre"}, {"recommended_by"}),
        ({"listed_on": "2999-01-01"}, {"listed_on"}),
        ({"email": "nonsense"}, {"email"}),
        ({"expert": "00000000-0000-0000-0000-000000000000"}, {"expert"}),
    ],
)
def test_what_is_missing_is_marked_and_what_was_typed_stays(client, staff, answers, marked):
    page = add(client, **answers)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == marked
    assert "Known for scanning" in page.content.decode()
    assert not Listing.objects.exists()
    assert not Expert.objects.exists()


def test_a_known_person_and_a_new_one_are_not_both_named(client, staff):
    known = ExpertFactory()
    assert set(add(client, expert=known.pk).context["form"].errors) == {"expert"}
    assert not Listing.objects.exists()


def test_rocb_takes_somebody_off_the_list_with_a_reason(client, staff, lines):
    line = Listing.objects.get(expert__family_name="Dog")
    url = reverse("candidates:listing-leave", args=[line.pk])
    drawn = client.get(url).context["version"]
    assert client.post(url, {"reason": "", "version": drawn}).status_code == 422
    answer = {"kind": "other", "reason": "Moved on", "version": drawn}
    assert client.post(url, answer).headers["Location"] == line.get_absolute_url()
    second = client.post(url, {**answer, "reason": "Something else"})
    assert second.status_code == 422
    assert "Somebody was faster" in text_of(second)
    line.refresh_from_db()
    assert line.left_reason == "Moved on"
    page = client.get(line.get_absolute_url())
    assert "left the list" in text_of(page)
    assert url not in page.content.decode()


@pytest.mark.parametrize("who", [secretariat, lambda: centre_head("MY")])
def test_others_do_not_keep_the_list(client, lines, who):
    line = Listing.objects.get(expert__family_name="Taught")
    client.force_login(who())
    assert client.get(reverse("candidates:listing-add")).status_code == 403
    assert client.post(reverse("candidates:listing-leave", args=[line.pk]), {"reason": "x"}).status_code == 403
    assert (
        reverse("candidates:listing-leave", args=[line.pk]) not in client.get(line.get_absolute_url()).content.decode()
    )


def test_the_home_administration_ends_a_line_by_its_wish(client, lines):
    line = Listing.objects.get(expert__family_name="Dog")
    client.force_login(focal_point("FJ"))
    url = reverse("candidates:listing-leave", args=[line.pk])
    page = client.get(url)
    assert "kind" not in page.context["form"].fields
    client.post(url, {"reason": "Needed at home", "version": page.context["version"], "kind": "accredited"})
    line.refresh_from_db()
    assert (line.left_kind, line.left_reason) == ("wish", "Needed at home")
    assert client.get(reverse("candidates:listing-add")).status_code == 403


def test_the_panel_shows_the_lines_one_may_see_and_nothing_to_others(client):
    person = ExpertFactory(at_home_in="JP", accredited=True, login=True)
    line = listing("", "K9", expert=person)
    url = reverse("candidates:of-expert", args=[person.pk])
    for user, seen in ((rocb(), True), (focal_point("JP"), True), (person.user, True), (focal_point("FJ"), False)):
        client.force_login(user)
        part = client.get(url, headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in part
        assert (line.get_absolute_url() in part) is seen
        assert ("candidate list" in part) is seen
    client.force_login(user_of("expert"))
    assert client.get(url).status_code == 404
