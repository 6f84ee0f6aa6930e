"""The party a person acts as in this session; rights do not depend on it, only the home page and the navigation do."""

from typing import Any

from django.http import HttpRequest

from members.models import Membership

SESSION_KEY = "acting_as"


def acting_membership(request: HttpRequest) -> Membership | None:
    """The membership chosen in this session, if it still exists; else the person's first."""
    rows: list[Membership] = request.user.party_rows  # type: ignore[union-attr]
    chosen = request.session.get(SESSION_KEY)
    return next((row for row in rows if str(row.pk) == chosen), rows[0] if rows else None)


def act_as(request: HttpRequest, membership: Any) -> None:
    request.session[SESSION_KEY] = str(membership.pk)
