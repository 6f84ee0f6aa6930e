"""/healthz: whether this process can do its work, in words for a machine."""

import logging
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rocb_portal.celery import app

logger = logging.getLogger(__name__)


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _cache() -> None:
    cache.get("healthz")


def _broker() -> None:
    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)


def _works(check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception:
        logger.warning("healthz: %s failed", check.__name__.lstrip("_"), exc_info=True)
        return False
    return True


@never_cache
@require_safe
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers, else 503.

    A broker that is away is reported and no reason to be taken out of service: what is owed waits in the outbox.
    """
    found = {"database": _works(_database)}
    found["cache"] = found["database"] and _works(_cache)
    found["broker"] = _works(_broker)
    answer = {name: "ok" if works else "away" for name, works in found.items()}
    return JsonResponse(answer, status=200 if found["database"] else 503)
