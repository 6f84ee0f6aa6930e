"""What stands above every page of a person: who it is, what the person is best known for, the parts of the record."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.clock import today
from core.policies import may
from experts import ledger
from experts.models import Expert
from experts.queries import best_step


class ExpertFrame:
    """For pages whose `object` is a person; named before the base page. The template extends `experts/_frame.html`."""

    model = Expert
    tab = ""
    object: Expert
    request: Any

    def rows(self) -> Any:
        return super().rows().with_ledger()  # type: ignore[misc]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        expert, day = self.object, today()
        private = bool(may(self.request.user, "experts.see_private", expert))
        return super().get_context_data(  # type: ignore[misc]
            is_private=private,
            best=best_step(expert, day),
            has_left=expert.left_on is not None and expert.left_on <= day,
            position=ledger.position(expert, day) if private else None,
            tabs=[
                {"url": expert.get_absolute_url(), "label": _("Record"), "active": self.tab == "record"},
                {
                    "url": reverse("experts:cap", args=[expert.pk]),
                    "label": _("Days of service"),
                    "active": self.tab == "cap",
                },
            ],
            **kwargs,
        )
