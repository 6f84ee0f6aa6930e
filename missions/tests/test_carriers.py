"""Missions that could carry a first step through its field mission, and those that have done so."""

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from candidates import services as candidates
from core.clock import today
from experts.tests.factories import ExpertFactory, area
from missions import queries
from missions.models import Mission
from missions.tests import factories as make

pytestmark = pytest.mark.django_db


def first_step(since=None, **fields):
    step = ExpertFactory(first_step=True, **fields).accreditations.get()
    if since:
        step.first_step_on = since
        step.save(update_fields=["first_step_on"])
    return step


def test_a_free_seat_beside_a_fully_accredited_expert_comes_first():
    who = make.people()
    lonely = make.searching(who, first_day=today() + dt.timedelta(days=60))
    fitting = make.shortlisted(who)
    candidates_free = make.searching(who, area=area("RKC"))
    seat = fitting.seats.get()
    seat.pk, seat.position = None, 2
    seat.save(force_insert=True)
    found = queries.carriers_for(first_step(), today())
    assert [(row.mission, len(row.free), row.beside, row.fits) for row in found] == [
        (fitting, 1, [who.expert], True),
        (lonely, 1, [], False),
    ]
    assert candidates_free not in [row.mission for row in found]


def test_a_mission_served_since_the_first_step_is_offered_once_with_what_is_known():
    who = make.people()
    done = make.completed(who)
    invitation = done.team()[0]
    full = invitation.expert
    step = first_step(since=dt.date(2019, 3, 1))
    invitation.expert = step.expert
    invitation.save(update_fields=["expert"])
    Mission.objects.filter(pk=done.pk).update(
        actual_first_day=dt.date(2024, 5, 6), actual_last_day=dt.date(2024, 5, 10)
    )
    [served] = queries.served_since_first_step(step)
    url = urlsplit(served.url)
    said = {key: value[0] for key, value in parse_qs(url.query).items()}
    assert url.path == reverse("candidates:field-mission-new", args=[step.pk])
    assert said == {
        "first": "2024-05-06", "last": "2024-05-10", "place": f"{done.place}, {done.beneficiary}", "reference": str(invitation.pk),
    }  # fmt: skip
    assert full != step.expert
    candidates.record_field_mission(
        step,
        by=who.rocb,
        first_day=dt.date(2024, 5, 6),
        last_day=dt.date(2024, 5, 10),
        place="Suva",
        reference=invitation.pk,
    )
    assert queries.served_since_first_step(step) == []


def test_the_page_is_a_panel_too_and_leads_to_the_search(client):
    who = make.people()
    mission = make.searching(who)
    step = first_step()
    client.force_login(who.rocb)
    url = reverse("missions:carriers", args=[step.pk])
    for headers, whole in (({}, True), ({"HX-Request": "true"}, False)):
        page = client.get(url, headers=headers).content.decode()
        assert ("<html" in page, reverse("missions:search", args=[mission.pk]) in page) == (whole, True)
