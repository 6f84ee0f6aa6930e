"""Steps 6 and 7: the team as decided, terms of reference and agenda, material, and the end of the mission as it was (§3.4)."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.autosave import Autosave
from core.clock import today
from core.models import StoredFile
from core.policies import may
from core.views import Download, FormPage
from core.workflow import blocked, in_reach, state_of
from missions import queries, services
from missions.enums import MaterialKind, Party
from missions.forms_reports import ConfirmForm, MaterialForm, PreparationForm, RecordEndForm
from missions.guidance import TERMS, guidance
from missions.models import Material, Mission
from missions.views.frame import MissionFrame
from missions.workflow import INVITATION, MISSION

PREPARE = MISSION.transition("prepare")
# To whom the formal contact was written, with the home administrations in copy.
CONTACT_READERS = frozenset({Party.ROCB, Party.SECRETARIAT, Party.TEAM, Party.LEADER, Party.HOME})


class PreparationPage(MissionFrame, FormPage):
    """What the experts get before the mission. The offices and the leader write it here; everybody of the mission reads it.

    Whoever goes on to add a file saves first: the way to the file is a button of the form.
    """

    action = "missions.see_dossier"
    template_name = "missions/preparation.html"
    form_class = PreparationForm
    tab = "preparation"
    success_message = gettext_lazy("The preparation is saved.")

    def check(self) -> None:
        super().check()
        if self.request.method == "POST" and not self.is_writer:
            raise PermissionDenied(_("Terms of reference and agenda are written by the offices and the leader."))

    @cached_property
    def is_writer(self) -> bool:
        return bool(may(self.request.user, "missions.prepare", self.object))

    @property
    def is_writing(self) -> bool:
        """The form stands open while something is missing, when it is asked for, and when it came back."""
        if not self.is_writer or not in_reach(self.object, PREPARE):
            return self.request.method == "POST"
        missing = not all(self.initial().values())
        return missing or "edit" in self.request.GET or self.request.method == "POST"

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in (*(p["field"] for p in guidance(TERMS)), "agenda")}

    def save(self, form: Any) -> Any:
        services.prepare(self.object, by=self.request.user, version=self.version, **form.cleaned_data)
        wanted = "missions:material-add" if "add" in self.request.POST else "missions:preparation"
        return reverse(wanted, args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mission, user = self.object, self.request.user
        context = super().get_context_data(
            parts=[part | {"text": getattr(mission, part["field"])} for part in guidance(TERMS)],
            materials=Material.objects.visible_to(user).of_preparation().filter(mission=mission).with_files(),
            team=mission.team(),
            own=next((i for i in mission.team() if i.expert.user_id == user.pk), None),
            neutrality=INVITATION.transition("acknowledge_neutrality"),
            is_writing=self.is_writing,
            can_write=self.is_writer and in_reach(mission, PREPARE),
            is_before_start=in_reach(mission, MISSION.transition("record_start")),
            missing=queries.missing_before_start(mission),
            **kwargs,
        )
        context["reads_contact"] = bool(context["who"] & CONTACT_READERS)
        if context["card"].get("url") == self.request.path:
            context["card"]["url"] = "#terms"
        return context


class PreparationAutosave(Autosave):
    action = "missions.prepare"
    model = Mission
    form_class = PreparationForm

    def rows(self) -> Any:
        return super().rows().with_people()

    def keep(self, form: Any) -> tuple[Any, list[str]]:
        kept = services.prepare(
            self.object, by=self.request.user, version=self.version, keeps_trace=False, **form.cleaned_data
        )
        return kept, [str(form.fields[name].label) for name in form.errors]


class OfMission(FormPage):
    """A question about one mission; it leads back to the tab it was asked on."""

    model = Mission

    def rows(self) -> Any:
        return super().rows().with_people()

    def cancel_url(self) -> str:
        return reverse("missions:preparation", args=[self.object.pk])


class MaterialAdd(OfMission):
    action = "missions.add_material"
    template_name = "missions/material_form.html"
    form_class = MaterialForm

    @property
    def takes_annexes(self) -> bool:
        report = getattr(self.object, "report", None)
        return report is not None and queries.is_being_written(report)

    def initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("kind", "")
        return {"kind": asked} if asked in MaterialKind.values else {}

    def form_kwargs(self) -> dict[str, Any]:
        return {"takes_annexes": self.takes_annexes}

    def save(self, form: Any) -> Any:
        material = services.add_material(self.object, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("“%(title)s” is kept with the mission.") % {"title": material.title})
        return material.page_url

    def cancel_url(self) -> str:
        asked = self.request.GET.get("kind", "")
        return reverse(
            "missions:report" if asked == MaterialKind.ANNEX else "missions:preparation", args=[self.object.pk]
        )


class MaterialFile(Download):
    action = "missions.see_material"
    model = Material

    def stored(self) -> StoredFile | None:
        return self.object.file


class MaterialRemove(FormPage):
    action = "missions.remove_material"
    model = Material
    template_name = "missions/material_remove.html"
    form_class = ConfirmForm

    def rows(self) -> Any:
        return super().rows().with_files()

    def save(self, form: Any) -> Any:
        services.remove_material(self.object, by=self.request.user)
        messages.success(
            self.request, _("“%(title)s” is removed; the history keeps its name.") % {"title": self.object.title}
        )
        return self.object.page_url

    def cancel_url(self) -> str:
        return self.object.page_url


class RecordEnd(OfMission):
    """The actual days take the place of the planned ones, for the mission and for each who took part."""

    action = "missions.record_end"
    template_name = "missions/record_end.html"
    form_class = RecordEndForm
    success_message = gettext_lazy(
        "The mission is recorded as carried out. The report falls due; whoever leads finds it in the inbox."
    )

    @cached_property
    def row(self) -> Any:
        return MISSION.transition("record_end")

    def initial(self) -> dict[str, dt.date]:
        mission = self.object
        began = mission.actual_first_day or mission.first_day
        planned = mission.last_day + (began - mission.first_day)
        return {"actual_first_day": began, "actual_last_day": min(planned, max(today(), began))}

    def form_kwargs(self) -> dict[str, Any]:
        return {"mission": self.object}

    def save(self, form: Any) -> Any:
        days = {name: form.cleaned_data[name] for name in ("actual_first_day", "actual_last_day")}
        services.record_end(self.object, by=self.request.user, away=form.away(), **days)
        return HttpResponseRedirect(reverse("missions:report", args=[self.object.pk]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            row=self.row,
            is_open=in_reach(self.object, self.row),
            reason=blocked(self.object, self.row),
            state=state_of(self.object),
            absent=queries.absent_from(self.object),
            may_record_absence=self.request.user.is_office,
            **kwargs,
        )

    def cancel_url(self) -> str:
        return self.object.get_absolute_url()
