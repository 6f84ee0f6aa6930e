import pytest
from celery import Celery
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.test import Client

from rocb_portal import health


@pytest.fixture
def broker(monkeypatch):
    """The health page asks the broker at this address."""
    return lambda url: monkeypatch.setattr(health, "app", Celery(broker=url, set_as_current=False))


@pytest.mark.django_db
def test_all_is_well_without_signing_in(broker):
    broker("memory://")
    answer = Client().get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "cache": "ok", "broker": "ok"})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_a_broker_that_is_away_is_reported_and_no_outage(broker):
    broker("redis://127.0.0.1:1/0")
    answer = Client().get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "cache": "ok", "broker": "away"})


@pytest.mark.django_db
def test_a_database_that_is_away_is_an_outage(broker):
    broker("memory://")

    def refuse(*_args):
        raise DatabaseError("away")

    with connection.execute_wrapper(refuse):
        answer = Client().get("/healthz")

    assert (answer.status_code, answer.json()) == (503, {"database": "away", "cache": "away", "broker": "ok"})


@pytest.mark.django_db
def test_the_cache_is_a_table_that_a_migration_makes():
    caches["default"].set("word", "kept")

    assert caches["default"].get("word") == "kept"
