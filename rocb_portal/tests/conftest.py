from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings

from rocb_portal.tests import world as worlds


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """One of everything, built once for a module; every test's own changes are rolled back."""
    # The counts of the inbox would go with every rollback if they were kept in the database.
    memory = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    with django_db_blocker.unblock(), override_settings(CACHES=memory), transaction.atomic():
        region = worlds.build()
        region.clients = {party: Client() for party in region.people}
        for party, client in region.clients.items():
            client.force_login(region.people[party])
        yield region
        transaction.set_rollback(True)
