"""The way to accreditation: who waits for a field mission, one person's way, the mission recorded, the Secretariat's word (T2 note 2)."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates import queries, services
from candidates.enums import Assessment
from candidates.filters_path import PathFilter
from candidates.forms import PlainForm
from candidates.forms_path import ConfirmFullForm, FieldMissionForm
from candidates.models import FieldMission
from core.clock import today
from core.exports import Export
from core.policies import may
from core.views import FormPage, ListPage, Panel
from experts.models import Accreditation, Expert


class PathPage(ListPage):
    """Who has the first step and owes the field mission, whoever has waited longest first."""

    action = "candidates.list_path"
    model = Accreditation
    template_name = "candidates/path.html"
    results_template = "candidates/_path.html"
    filterset_class = PathFilter
    sorts = {
        "since": ("first_step_on", "expert__family_name", "pk"),
        "name": ("expert__family_name", "expert__given_name", "pk"),
        "area": ("area__order", "first_step_on", "pk"),
        "administration": ("expert__administration__name", "first_step_on", "pk"),
    }

    def rows(self) -> Any:
        return queries.owing(self.request.user, today())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user = self.request.user
        context["people"] = queries.owed(context["rows"], today())
        context["is_office"] = user.is_office
        context["may_confirm"] = bool(may(user, "candidates.confirm_full"))
        return context


class PathExport(Export, PathPage):
    def table(self) -> Any:
        head = [
            _("Family name"), _("Given name"), _("Administration"), _("Category"), _("Area"), _("First step on"),
            _("Waits (months)"), _("Hoped for by"), _("Field missions"), _("Stands"), _("Workshop"), _("Source"),
        ]  # fmt: skip
        rows = [
            [
                row.accreditation.expert.family_name, row.accreditation.expert.given_name,
                row.accreditation.expert.administration, row.accreditation.category.code, row.accreditation.area, row.since,
                row.months, row.by, len(row.missions), row.words, row.accreditation.workshop, row.accreditation.source,
            ]
            for row in queries.owed(self.found(), today())
        ]  # fmt: skip
        return f"field-missions-{today().isoformat()}", head, rows


class PathOf(Panel):
    """One person's ways, area by area: where the person is, what is left, by when; also a panel of the person's own page."""

    action = "candidates.see_path"
    model = Expert
    template_name = "candidates/path_of.html"
    panel = "candidates/_path_of.html"

    def rows(self) -> Any:
        return super().rows().select_related("administration")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(
            ways=queries.ways_of(self.object, today()),
            is_own=self.object.user_id == user.pk,
            is_office=user.is_office,
            may_confirm=bool(may(user, "candidates.confirm_full")),
            today=today(),
            **kwargs,
        )


def way_of(expert_id: UUID) -> str:
    return reverse("candidates:path-of", args=[expert_id])


class OfAccreditation:
    """For pages whose `object` is an accreditation."""

    model = Accreditation
    request: Any
    object: Accreditation

    def rows(self) -> Any:
        return super().rows().select_related("expert__administration", "area", "category")  # type: ignore[misc]

    def cancel_url(self) -> str:
        return way_of(self.object.expert_id)


class FieldMissionNew(OfAccreditation, FormPage):
    """What is known of it already comes with the address: `first`, `last`, `place`, `assessor`, `reference`."""

    action = "candidates.record_field_mission"
    form_class = FieldMissionForm
    template_name = "candidates/field_mission_form.html"
    success_message = gettext_lazy("The field mission is kept.")

    def initial(self) -> dict[str, Any]:
        said = self.request.GET
        days = {"first_day": said.get("first", ""), "last_day": said.get("last", "")}
        known: dict[str, Any] = {name: _day(text) for name, text in days.items()}
        keys = {"assessor": said.get("assessor", ""), "reference": said.get("reference", "")}
        return {**known, "place": said.get("place", "")[:160], **{name: _key(text) for name, text in keys.items()}}

    def form_kwargs(self) -> dict[str, Any]:
        return {"assessors": queries.assessors_for(self.object, today())}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(accreditation=self.object, mission=None, **kwargs)

    def save(self, form: Any) -> str:
        services.record_field_mission(self.object, by=self.request.user, **form.cleaned_data)
        return way_of(self.object.expert_id)


def _day(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class OfFieldMission:
    """For pages whose `object` is a field mission."""

    model = FieldMission
    request: Any
    object: FieldMission

    def rows(self) -> Any:
        rows = super().rows()  # type: ignore[misc]
        return rows.select_related(
            "accreditation__expert__administration", "accreditation__area", "accreditation__category"
        )

    def cancel_url(self) -> str:
        return way_of(self.object.accreditation.expert_id)


class FieldMissionEdit(OfFieldMission, FormPage):
    """The word of the assessor, or something put right."""

    action = "candidates.record_field_mission"
    form_class = FieldMissionForm
    template_name = "candidates/field_mission_form.html"
    success_message = gettext_lazy("Saved.")

    NAMES = ("first_day", "last_day", "place", "assessor", "assessor_name", "assessment", "note", "reference")

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in self.NAMES}

    def form_kwargs(self) -> dict[str, Any]:
        mission = self.object
        return {"assessors": queries.assessors_for(mission.accreditation, today(), also=mission.assessor_id)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(accreditation=self.object.accreditation, mission=self.object, **kwargs)

    def save(self, form: Any) -> str:
        services.edit_field_mission(self.object, by=self.request.user, version=self.version, **form.cleaned_data)
        return way_of(self.object.accreditation.expert_id)


class FieldMissionRemove(OfFieldMission, FormPage):
    action = "candidates.record_field_mission"
    form_class = PlainForm
    template_name = "candidates/field_mission_remove.html"
    success_message = gettext_lazy("Taken away.")

    def save(self, form: Any) -> str:
        expert_id = self.object.accreditation.expert_id
        services.remove_field_mission(self.object, by=self.request.user, version=self.version)
        return way_of(expert_id)


class ConfirmFull(OfAccreditation, FormPage):
    """The Secretariat alone: the reference and the day of the entry in ACE make somebody fully accredited (§2.2(1))."""

    action = "candidates.confirm_full"
    form_class = ConfirmFullForm
    template_name = "candidates/path_confirm.html"
    success_message = gettext_lazy(
        "Fully accredited. The person and the administration are told; a line on the candidate list in this area is "
        "proposed to be ended."
    )

    @cached_property
    def missions(self) -> list[FieldMission]:
        return list(self.object.field_missions.select_related("assessor"))

    @property
    def passed(self) -> FieldMission | None:
        return next((row for row in self.missions if row.assessment == Assessment.PASSED), None)

    def initial(self) -> dict[str, Any]:
        return {"ace_reference": self.object.expert.ace_reference, "accredited_on": self.object.accredited_on}

    def form_kwargs(self) -> dict[str, Any]:
        return {"has_passed": self.passed is not None}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(missions=self.missions, **kwargs)

    def save(self, form: Any) -> str:
        services.confirm_accreditation(self.object, by=self.request.user, version=self.version, **form.cleaned_data)
        return way_of(self.object.expert_id)
