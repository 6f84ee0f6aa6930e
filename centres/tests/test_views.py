import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centres.models import Centre, CentreFocus
from core.clock import today
from experts.tests.factories import AccreditationFactory, ExpertFactory, area, category
from members.tests.factories import centre_head, focal_point, rocb, user_of

pytestmark = pytest.mark.django_db

NOT_IN_FULL = {"accredited_on": None, "ace_entered_on": None}


def centre(code):
    return Centre.objects.get(administration__code=code)


@pytest.fixture
def people():
    """Japan develops AEO and IPR."""
    full = ExpertFactory(family_name="Full", at_home_in="JP", accredited=True)
    AccreditationFactory(expert=full, category=category("TOA"), area=area("IPR"), **NOT_IN_FULL)
    ExpertFactory(family_name="Step", at_home_in="JP", first_step=True)
    valuer = ExpertFactory(family_name="Valuer", at_home_in="JP")
    AccreditationFactory(expert=valuer, category=category("AT"), area=area("VAL"))
    ExpertFactory(family_name="Abroad", at_home_in="FJ", accredited=True)
    ExpertFactory(family_name="Gone", at_home_in="JP", accredited=True, left_on=dt.date(2024, 1, 1))


def rows(client):
    return client.get(reverse("centres:centres")).context["rows"]


def test_the_list_shows_the_areas_of_today_and_the_hosts_people_in_them(client, people):
    client.force_login(rocb())
    found = {row.centre.administration.code: ([str(f) for f in row.focus], row.people) for row in rows(client)}
    assert len(found) == 10
    assert found["JP"] == (["AEO", "IPR"], 2)
    assert found["FJ"] == ([], 0)


def test_a_closed_centre_and_a_focus_that_ended_are_gone(client, people):
    client.force_login(rocb())
    Centre.objects.filter(administration__code="CN").update(is_active=False)
    CentreFocus.objects.filter(centre=centre("JP"), area__code="AEO").update(until=today())
    found = {row.centre.administration.code: ([str(f) for f in row.focus], row.people) for row in rows(client)}
    assert "CN" not in found
    assert found["JP"] == (["IPR"], 1)
    page = client.get(centre("JP").get_absolute_url())
    assert [str(row.focus) for row in page.context["people"]] == ["IPR"]
    assert [str(row) for row in page.context["earlier"]] == ["AEO"]


def test_the_own_centre_stands_on_top(client):
    client.force_login(centre_head("MY"))
    assert [(row.centre.administration.code, row.is_own) for row in rows(client)][:2] == [("MY", True), ("CN", False)]
    assert "Your centre: Malaysia" in client.get(reverse("centres:centres")).content.decode()
    client.force_login(focal_point("MY"))
    assert not any(row.is_own for row in rows(client))


def test_a_centre_names_the_hosts_people_by_area_and_step(client, people):
    client.force_login(focal_point("FJ"))
    page = client.get(centre("JP").get_absolute_url())
    found = {
        str(row.focus): (
            [a.expert.family_name for a in row.fully_accredited],
            [a.expert.family_name for a in row.first_step],
        )
        for row in page.context["people"]
    }
    assert found == {"AEO": (["Full"], ["Step"]), "IPR": ([], ["Full"])}


def test_experts_see_centres_without_people(client, people):
    client.force_login(user_of("expert"))
    assert {row.people for row in rows(client)} == {None}
    page = client.get(centre("JP").get_absolute_url()).content.decode()
    assert "AEO" in page
    assert "Full" not in page.replace("Fully", "")


def test_centres_by_area_go_to_the_cells_of_the_page_of_areas(client):
    client.force_login(rocb())
    part = client.get(reverse("centres:by-area"), {"q": "trusted"}, headers={"HX-Request": "true"}).content.decode()
    assert part.count("hx-swap-oob") == 1
    assert f'<span id="centres-AEO" hx-swap-oob="true"><a href="{centre("JP").get_absolute_url()}">' in part
    areas = client.get(reverse("experts:areas"), {"q": "trusted"}).content.decode()
    assert 'id="centres-AEO"' in areas
    assert f"{reverse('centres:by-area')}?q=trusted" in areas
    assert len(client.get(reverse("centres:by-area")).context["areas"]) == 12


def test_the_list_asks_as_often_for_many_people_as_for_one(client):
    client.force_login(rocb())

    def queries():
        with CaptureQueriesContext(connection) as caught:
            rows(client)
        return len(caught)

    ExpertFactory(at_home_in="JP", accredited=True)
    rows(client)
    one = queries()
    ExpertFactory.create_batch(4, at_home_in="JP", accredited=True)
    ExpertFactory.create_batch(2, at_home_in="MY", accredited=True)
    assert queries() == one
