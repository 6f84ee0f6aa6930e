from typing import Any

from core.clock import today
from core.policies import may
from core.views import Panel
from experts.queries import areas_on


class AreasPage(Panel):
    """The areas with their other words, categories and figures; `?q=` finds an area by any of its words (pitfall P4)."""

    action = "experts.see_area"
    template_name = "experts/areas.html"
    panel = "experts/_areas.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = self.request.GET.get("q", "").strip()
        found = areas_on(today(), words)
        opens_people = bool(may(self.request.user, "experts.list"))
        return super().get_context_data(q=words, rows=found, opens_people=opens_people, **kwargs)
