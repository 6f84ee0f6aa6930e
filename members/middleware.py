from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from core.clock import ZONES


class ReaderMiddleware:
    """Times are shown in the reader's own zone: the person's, else that of the administration; the office's for all others."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        with timezone.override(zone_of(request.user)):
            return self.get_response(request)


def zone_of(user: Any) -> ZoneInfo:
    office = ZoneInfo(settings.OFFICE_TIME_ZONE)
    if not user.is_authenticated:
        return office
    rows = [row.administration.timezone for row in user.party_rows if row.administration]
    name = next((name for name in [user.timezone, *rows] if name in ZONES), None)
    return ZoneInfo(name) if name else office
