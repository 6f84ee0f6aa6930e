"""What stands above every page of a person: who it is, what the person is best known for, the parts of the record."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.clock import today
from core.policies import may
from experts import ledger
from experts.models import Expert, MergedRecord
from experts.queries import best_step


class ExpertFrame:
    """For pages whose `object` is a person; named before the base page. The template extends `experts/_frame.html`.

    The address of a record that became part of another leads to that one.
    """

    model = Expert
    tab = ""
    object: Expert
    request: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except Http404:
            merged = MergedRecord.objects.filter(old_id=kwargs["pk"]).first()
            match = request.resolver_match
            if merged is None or match is None or not self.rows().filter(pk=merged.kept_id).exists():
                raise
            return redirect(match.view_name, pk=merged.kept_id)

    def rows(self) -> Any:
        return super().rows().with_ledger()  # type: ignore[misc]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        expert, day = self.object, today()
        private = bool(may(self.request.user, "experts.see_private", expert))
        has_left = expert.left_on is not None and expert.left_on <= day
        return super().get_context_data(  # type: ignore[misc]
            is_private=private,
            reference=_("ACE %(number)s") % {"number": expert.ace_reference}
            if private and expert.ace_reference
            else "",
            standing=_standing(expert, day, has_left),
            has_left=has_left,
            position=ledger.position(expert, day) if private else None,
            cap_part="experts/_cap_figure.html" if private else "",
            tabs=[
                {"url": expert.get_absolute_url(), "label": _("Record"), "active": self.tab == "record"},
                {
                    "url": reverse("experts:profile", args=[expert.pk]),
                    "label": _("Profile"),
                    "active": self.tab == "profile",
                },
                {
                    "url": reverse("experts:cap", args=[expert.pk]),
                    "label": _("Days of service"),
                    "active": self.tab == "cap",
                },
            ],
            **kwargs,
        )


def _standing(expert: Expert, day: dt.date, has_left: bool) -> dict[str, Any]:
    best = best_step(expert, day)
    if best is not None:
        return {"label": best.stage.words, "tone": best.tone}
    return {"label": _("left") if has_left else _("not accredited"), "tone": "neutral"}
