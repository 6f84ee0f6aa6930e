"""What is missing or odd in people's records, by administration; each row opens the record."""

from typing import Any

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

    def rows(self) -> Any:
        return queries.odd(self.people(), today()).select_related("administration")

    def found(self) -> Any:
        return queries.with_oddities(super().found(), today())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["people"] = [(expert, queries.oddities_of(expert)) for expert in context["rows"]]
        context["counts"] = [one for one in queries.counted(self.people(), today()) if one.number]
        context["chosen"] = self.request.GET.get("check", "")
        return context


class QualityExport(Export, QualityPage):
    """One line a person and finding."""

    def table(self) -> Any:
        head = ("Administration", "Family name", "Given name", "ACE reference", "Missing or odd", "Record")
        rows = [
            (
                expert.administration.name, expert.family_name, expert.given_name, expert.ace_reference, check.label,
                self.request.build_absolute_uri(expert.get_absolute_url()),
            )
            for expert in self.found()
            for check in queries.oddities_of(expert)
        ]  # fmt: skip
        return f"data-quality-{today().isoformat()}", head, rows
