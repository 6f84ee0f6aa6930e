"""Missions that could carry a first step through its field mission, and those it has served on: a page, and a panel of the path."""

from typing import Any

from core.clock import today
from core.views import Panel
from experts.enums import Stage
from experts.models import Accreditation
from missions import queries


class Carriers(Panel):
    """For the offices: what is planned and who is asked is theirs to know."""

    action = "missions.see_carriers"
    model = Accreditation
    template_name = "missions/carriers.html"
    panel = "missions/_carriers.html"

    def rows(self) -> Any:
        return super().rows().select_related("expert__administration", "area", "category")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day = today()
        return super().get_context_data(
            carriers=queries.carriers_for(self.object, day),
            served=queries.served_since_first_step(self.object),
            is_owed=self.object.stage_on(day) == Stage.FIRST_STEP,
            **kwargs,
        )
