"""Corrections of ACE: asked for on a person's page, listed with their way, passed on as a bundle (§2.2(1), IV)."""

from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _

from core.clock import day_of
from core.exports import Export
from core.history import history_of
from core.views import FormPage, ListPage, Page, TransitionPage
from core.workflow import state_of
from experts import services
from experts.enums import CorrectionField
from experts.filters_register import CorrectionFilter
from experts.forms_profile import CorrectionForm
from experts.models import CorrectionRequest, Expert
from experts.workflow import CORRECTION


class CorrectionsPage(ListPage):
    """All for the offices, their own people's for administrations; what still waits comes first."""

    action = "experts.list_corrections"
    model = CorrectionRequest
    template_name = "experts/corrections.html"
    results_template = "experts/_corrections.html"
    filterset_class = CorrectionFilter
    sorts = {
        "raised": ("created_at", "pk"),
        "name": ("expert__family_name", "expert__given_name", "created_at"),
        "administration": ("expert__administration__name", "expert__family_name", "created_at"),
        "since": ("state_since", "pk"),
    }
    first_sort = "-raised"

    def rows(self) -> Any:
        return super().rows().with_people()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The bundle is what the member agreed to and ACE does not say yet."""
        ready = [s.value for s in CORRECTION.states if s.tone == "info"]
        query = "&".join(f"state={value}" for value in ready)
        return super().get_context_data(
            bundle=f"{reverse('experts:corrections-export', args=['xlsx'])}?{query}", bundle_query=f"?{query}", **kwargs
        )


class CorrectionsExport(Export, CorrectionsPage):
    """As the Secretariat needs them beside ACE: one line a fact, both wordings, with the member's agreement and its day."""

    def table(self) -> Any:
        head = (
            "ACE reference", "Family name", "Given name", "Administration", "Category", "Area", "What", "ACE says",
            "It should say", "How this is known", "State", "Asked for by", "Asked for on", "Agreed by the member on",
            "Passed on", "Corrected on", "Answer",
        )  # fmt: skip
        return "ace-corrections", head, [sheet_row(row) for row in self.found()]


def sheet_row(row: CorrectionRequest) -> tuple[Any, ...]:
    expert, about = row.expert, row.accreditation
    days = [day_of(moment) if moment else None for moment in (row.created_at, row.agreed_at, row.sent_at, row.done_at)]
    return (
        expert.ace_reference, expert.family_name, expert.given_name, expert.administration.name,
        about.category.code if about else "", about.area.code if about and about.area else "",
        dict(CorrectionField.choices).get(row.field, row.field), row.says, row.should_say, row.reason, state_of(row).label,
        str(row.raised_by or ""), *days, row.answer_note,
    )  # fmt: skip


class CorrectionPage(Page):
    action = "experts.see_correction"
    model = CorrectionRequest
    template_name = "experts/correction.html"

    def rows(self) -> Any:
        return super().rows().with_people()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(entries=history_of(self.object.pk), steps=steps_of(self.object), **kwargs)


def steps_of(correction: CorrectionRequest) -> list[dict[str, Any]]:
    """The way of a correction as four steps; one that ended otherwise stops where it was."""
    now = state_of(correction)
    days = {1: correction.created_at, 2: correction.agreed_at, 3: correction.sent_at, 4: correction.done_at}
    titles = {1: _("Asked for"), 2: _("Agreed by the member"), 3: _("With the Secretariat"), 4: _("Corrected in ACE")}
    steps = []
    for number, title in titles.items():
        is_done = days[number] is not None
        is_next = not now.final and number == now.step + 1
        status = "done" if is_done else "current" if is_next else "not_needed" if now.final else "todo"
        steps.append({"n": number, "title": title, "status": status, "date": days[number], "note": ""})
    return steps


class RaiseCorrection(FormPage):
    """`?field=…&accreditation=…` is what somebody pointed at."""

    action = "experts.raise_correction"
    model = Expert
    form_class = CorrectionForm
    template_name = "experts/correction_new.html"

    def initial(self) -> dict[str, Any]:
        return {name: self.request.GET.get(name) for name in ("field", "accreditation") if self.request.GET.get(name)}

    def form_kwargs(self) -> dict[str, Any]:
        return {"expert": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_home = self.object.administration_id in self.request.user.administration_ids()
        return super().get_context_data(agrees=is_home, **kwargs)

    def save(self, form: Any) -> str:
        correction = services.raise_correction(self.object, by=self.request.user, **form.cleaned_data)
        messages.success(
            self.request,
            _("Asked for. ROCB passes it to the Secretariat.")
            if correction.agreed_at
            else _("Asked for. The home administration is asked whether it agrees; then ROCB passes it on."),
        )
        return correction.get_absolute_url()


class CorrectionDo(TransitionPage):
    action = "experts.see_correction"
    model = CorrectionRequest

    def rows(self) -> Any:
        return super().rows().with_people()
