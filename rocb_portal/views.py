"""The home page of every party is its inbox; the search looks over everything one may see."""

from typing import Any

from django.http import HttpRequest

from core.inbox import inbox
from core.views import Page
from members.acting import acting_membership


class HomePage(Page):
    action = "members.account"
    template_name = "rocb_portal/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        membership = acting_membership(self.request)
        items = inbox(self.request.user, membership.party) if membership else []
        return super().get_context_data(
            mine=[i for i in items if i.mine], waiting=[i for i in items if not i.mine], **kwargs
        )


class SearchPage(Page):
    action = "members.account"
    template_name = "rocb_portal/search.html"


def navigation(request: HttpRequest) -> dict[str, Any]:
    membership = acting_membership(request)
    return {"acting": membership, "memberships": request.user.party_rows}  # type: ignore[union-attr]
