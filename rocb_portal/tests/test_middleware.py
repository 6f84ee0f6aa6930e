import threading
import uuid

import pytest
from django.db import close_old_connections, connections
from django.test import Client
from django.urls import reverse

from core.models import FormKey
from members.models import Absence
from members.tests.factories import focal_point

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return focal_point("FJ")


@pytest.fixture
def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def fields(key, last="2027-01-02"):
    return {"_key": str(key), "first_day": "2027-01-01", "last_day": last}


def test_the_second_click_changes_nothing_and_leads_to_the_same_place(signed_in):
    key, url = uuid.uuid4(), reverse("members:absence-add")
    answers = [signed_in.post(url, fields(key)) for _ in range(2)]
    assert [a.status_code for a in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    assert Absence.objects.count() == 1


def test_a_form_with_an_error_can_be_sent_again_with_its_key(signed_in):
    key, url = uuid.uuid4(), reverse("members:absence-add")
    assert signed_in.post(url, fields(key, last="2026-01-01")).status_code == 422
    assert signed_in.post(url, fields(key)).status_code == 302
    assert Absence.objects.count() == 1


def test_a_key_is_of_no_use_to_somebody_else(signed_in):
    key, url = uuid.uuid4(), reverse("members:absence-add")
    signed_in.post(url, fields(key))
    other = Client()
    other.force_login(focal_point("NZ"))
    assert other.post(url, fields(key)).status_code == 409
    assert FormKey.objects.count() == 1


def test_nul_bytes_are_a_bad_request(signed_in):
    assert signed_in.get("/", {"q": "a\x00b"}).status_code == 400
    assert signed_in.post(reverse("members:absence-add"), {"first_day": "\x00"}).status_code == 400


def test_pages_of_a_signed_in_person_are_kept_by_no_cache(signed_in):
    assert "no-store" in signed_in.get(reverse("members:account"))["Cache-Control"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_once_one_works(user):
    key, url = uuid.uuid4(), reverse("members:absence-add")
    codes = []

    def click():
        close_old_connections()
        client = Client()
        client.force_login(user)
        codes.append(client.post(url, fields(key)).status_code)
        connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Absence.objects.count() == 1
    assert set(codes) <= {302, 409}
