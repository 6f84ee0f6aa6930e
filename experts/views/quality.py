"""What is missing or odd in people's records, by administration; each row opens the record."""

from typing import Any
from uuid import UUID

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core.clock import today
from core.exports import Export
from core.views import ListPage
from experts import queries
from experts.filters_register import QualityFilter
from experts.models import Expert


class QualityPage(ListPage):
    """All people for the offices, the own ones for an administration."""

    action = "experts.quality"
    model = Expert
    template_name = "experts/quality.html"
    results_template = "experts/_quality.html"
    filterset_class = QualityFilter
    sorts = {
        "administration": ("administration__name", "family_name", "given_name", "pk"),
        "name": ("family_name", "given_name", "pk"),
    }

    def people(self) -> Any:
        rows = super().rows()
        user = self.request.user
        return rows if user.is_office else rows.filter(administration__in=user.administration_ids())

    @cached_property
    def findings(self) -> dict[UUID, list[queries.Check]]:
        return queries.findings(self.people(), today())

    def rows(self) -> Any:
        return self.people().select_related("administration")

    def found(self) -> Any:
        people, code = super().found(), self.filterset.code
        keys = (key for key in people.values_list("pk", flat=True) if key in self.findings)
        wanted = [key for key in keys if not code or any(check.code == code for check in self.findings[key])]
        return queries.Ordered(people, wanted)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["people"] = [(expert, self.findings[expert.pk]) for expert in context["rows"]]
        context["counts"] = queries.counted(self.findings)
        context["chosen"] = self.filterset.code
        return context


class QualityExport(Export, QualityPage):
    """One line a person and finding."""

    def table(self) -> Any:
        head = (
            _("Administration"), _("Family name"), _("Given name"), _("ACE reference"), _("Missing or odd"), _("Record"),
        )  # fmt: skip
        rows = [
            (
                expert.administration.name, expert.family_name, expert.given_name, expert.ace_reference, check.label,
                self.request.build_absolute_uri(expert.get_absolute_url()),
            )
            for expert in self.found()
            for check in self.findings[expert.pk]
        ]  # fmt: skip
        return f"data-quality-{today().isoformat()}", head, rows
