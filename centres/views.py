"""The regional training centres as centres of excellence (§2.3, T4)."""

import datetime as dt
from typing import Any

from centres.models import Centre
from centres.queries import centre_rows, centres_by_area, host_people
from core.clock import today
from core.policies import may
from core.views import Page


class CentresPage(Page):
    """The centres, the reader's own on top."""

    action = "centres.list"
    template_name = "centres/centres.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        opens_people = bool(may(self.request.user, "experts.list"))
        return super().get_context_data(
            rows=centre_rows(self.request.user, today(), with_people=opens_people), opens_people=opens_people, **kwargs
        )


class CentrePage(Page):
    """One centre: what it develops, since when and by which source; the host's people in these areas for those who see the pool."""

    action = "centres.see"
    model = Centre
    template_name = "centres/centre.html"

    def rows(self) -> Any:
        return super().rows().select_related("administration")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day: dt.date = today()
        return super().get_context_data(
            people=host_people(self.object, self.request.user, day),
            earlier=[row for row in self.object.focus.select_related("area") if row.until and row.until <= day],
            opens_people=bool(may(self.request.user, "experts.list")),
            **kwargs,
        )


class ByArea(Page):
    """Centres under the areas they develop; on the page of areas each goes to the cell of its area."""

    action = "centres.list"

    def get_template_names(self) -> list[str]:
        is_fragment = self.request.headers.get("HX-Request") and not self.request.headers.get("HX-Boosted")
        return ["centres/_by_area.html" if is_fragment else "centres/by_area.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(areas=centres_by_area(today(), self.request.GET.get("q", "")), **kwargs)
