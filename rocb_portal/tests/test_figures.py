"""The figures of the home pages: each opens exactly the rows that it counts."""

import pytest

from centres.models import Centre
from core.clock import today
from experts.tests.factories import ExpertFactory, area
from missions.models import CapacityRequest, Mission
from rocb_portal.figures import for_party

pytestmark = pytest.mark.django_db


def figure(world, party, word):
    user = world.people[party]
    (found,) = [f for f in for_party(user, user.party_rows[0].party) if word in f.label]
    return found, world.clients[party].get(found.url)


def test_people_of_an_administration_open_as_its_people_in_the_pool(world):
    ExpertFactory(at_home_in="JP")
    ExpertFactory(at_home_in="KR", accredited=True)
    found, page = figure(world, "home", "in the pool")
    assert found.value > 1
    assert page.context["total"] == found.value


def test_overdue_reports_open_as_the_overdue_ones(world):
    found, page = figure(world, "rocb", "overdue")
    assert page.context["total"] == found.value


def test_a_centre_sees_its_focus_areas_from_home(world):
    centre = Centre.objects.get(administration__code="MY")
    centre.focus.create(area=area("AEO"), label="AEO", since=today(), source="stated")
    found, page = figure(world, "centre", "develops")
    assert (found.value, page.context["object"]) == (centre.focus.count(), centre)


@pytest.mark.parametrize(
    ("party", "word", "model", "over"),
    [("rocb", "running", Mission, "cancelled"), ("beneficiary", "requests open", CapacityRequest, "withdrawn")],
)
def test_what_runs_opens_without_what_is_over(world, party, word, model, over):
    seen = model.objects.visible_to(world.people[party]).order_by("pk")
    model.objects.filter(pk=seen.first().pk).update(state=over)
    found, page = figure(world, party, word)
    everything = world.clients[party].get(found.url.partition("?")[0])
    assert page.context["total"] == found.value
    assert everything.context["total"] > found.value > 0
