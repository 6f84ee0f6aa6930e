"""What every page knows: the party one acts as, its navigation, the inbox count, and whether the region is fictional."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.dated_policy import is_demo

Navigation = Callable[[HttpRequest], dict[str, Any]]

_navigation: list[Navigation] = []


def register_navigation(build: Navigation) -> None:
    """The top app says who is acting and what the left side holds."""
    _navigation.append(build)


def portal(request: HttpRequest) -> dict[str, Any]:
    filled: dict[str, Any] = {"acting": None, "memberships": [], "inbox_count": 0, "nav": []}

    def build() -> SimpleNamespace:
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            for navigation in _navigation:
                filled.update(navigation(request))
        return SimpleNamespace(demo=is_demo(), **filled)

    return {"portal": SimpleLazyObject(build)}
