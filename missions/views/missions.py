"""The list of missions, one mission with its tabs, its seats, and the missions of one expert."""

from typing import Any

from django.forms import model_to_dict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.exports import AlsoAsFile
from core.views import FormPage, ListPage, Page, Panel, TransitionPage
from core.workflow import state_of
from experts.models import Expert
from missions import guards, letters, queries, services
from missions.filters import MissionFilter
from missions.forms import DropSeatForm, MissionForm, SeatForm
from missions.models import CapacityRequest, Invitation, Letter, Mission, Seat
from missions.views.frame import MissionFrame


class MissionList(AlsoAsFile, ListPage):
    action = "missions.list_missions"
    model = Mission
    filterset_class = MissionFilter
    template_name = "missions/mission_list.html"
    results_template = "missions/_mission_results.html"
    sorts = {
        "first_day": ("first_day", "number"),
        "number": ("number",),
        "title": ("title", "number"),
        "beneficiary": ("beneficiary__name", "first_day", "number"),
    }
    first_sort = "-first_day"

    def rows(self) -> Any:
        return super().rows().with_people()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"rows": [queries.mission_row(self.request.user, m) for m in context["rows"]]}

    def table(self) -> Any:
        head = [
            _("Number"), _("Title"), _("Beneficiary"), _("Area"), _("Place"), _("First day"), _("Last day"), _("Mode"),
            _("Under the scheme"), _("Financed by"), _("Plan year"), _("State"),
        ]  # fmt: skip
        rows = [
            [
                m.number, m.title, m.beneficiary.name, m.area.code, m.place, m.first_day, m.last_day, m.get_mode_display(),
                _("yes") if m.under_scheme else _("no"), m.get_financing_display(), m.plan_label, state_of(m).label,
            ]
            for m in self.found()
        ]  # fmt: skip
        return "missions", head, rows


class MissionPage(MissionFrame, Page):
    action = "missions.see_mission"
    template_name = "missions/mission.html"
    tab = "overview"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mission = self.object
        seen = CapacityRequest.objects.visible_to(self.request.user).filter(mission=mission).exists()
        return super().get_context_data(sees_request=seen, **kwargs)


class PeoplePage(MissionFrame, Page):
    """The seats and who is on them, as far as this reader may see them."""

    action = "missions.see_mission"
    template_name = "missions/mission_people.html"
    tab = "people"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seats = queries.seats_for(self.request.user, self.object)
        return super().get_context_data(seats=seats, **kwargs)


class LettersPage(MissionFrame, Page):
    """The letters of the mission and the answers, person by person, as far as this reader may see them."""

    action = "missions.see_mission"
    template_name = "missions/mission_letters.html"
    tab = "letters"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, mission = self.request.user, self.object
        shown = Letter.objects.with_answers().visible_to(user).filter(mission=mission).order_by("created_at")
        return super().get_context_data(
            lines=[(letter, letters.standing_of(letter)) for letter in shown],
            answers=queries.answers_for(user, mission),
            unwritten=queries.without_letter(mission) if user.is_office else [],
            **kwargs,
        )


class HistoryPage(MissionFrame, Page):
    action = "missions.see_history"
    template_name = "missions/mission_history.html"
    tab = "history"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            lines=queries.history_for(self.request.user, self.object),
            subjects={i.pk: i.expert.name for i in self.object.invitations()},
            discreet=not self.request.user.is_office,
            **kwargs,
        )


class MissionDo(TransitionPage):
    action = "missions.see_mission"
    model = Mission

    def rows(self) -> Any:
        return super().rows().with_people()


class MissionEdit(FormPage):
    """Place, dates, mode, financing. What a letter has frozen is shown with the reason and not asked."""

    action = "missions.shape_mission"
    model = Mission
    template_name = "missions/mission_edit.html"
    form_class = MissionForm
    success_message = gettext_lazy("The particulars are saved.")

    def rows(self) -> Any:
        return super().rows().with_people()

    @cached_property
    def frozen(self) -> str:
        return guards.dates_open(self.object) or ""

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in MissionForm.base_fields}

    def form_kwargs(self) -> dict[str, Any]:
        return {"is_frozen": bool(self.frozen)}

    def save(self, form: Any) -> Any:
        return services.shape_mission(self.object, by=self.request.user, version=self.version, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(frozen=self.frozen, **kwargs)


def people_url(mission: Mission) -> str:
    return reverse("missions:mission-people", args=[mission.pk])


class SeatAdd(FormPage):
    """One more place; its days are those of the mission with the travel days, and can be changed on its own page."""

    action = "missions.shape_mission"
    model = Mission
    template_name = "missions/mission_seat.html"
    form_class = SeatForm
    success_message = gettext_lazy("The seat is added; experts can be searched for it.")

    def initial(self) -> dict[str, Any]:
        return {"area": self.object.area_id}

    def form_kwargs(self) -> dict[str, Any]:
        return {"without": ("release_first", "release_last")}

    def save(self, form: Any) -> Any:
        services.add_seat(self.object, by=self.request.user, **form.cleaned_data)
        return people_url(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(mission=self.object, release=services.default_release(self.object), **kwargs)

    def cancel_url(self) -> str:
        return people_url(self.object)


class OfSeat(FormPage):
    """A page about one seat."""

    action = "missions.shape_seat"
    queryset = Seat.objects.select_related("mission", "area", "category").prefetch_related("invitations__expert")

    def cancel_url(self) -> str:
        return people_url(self.object.mission)


class SeatEdit(OfSeat):
    template_name = "missions/mission_seat.html"
    form_class = SeatForm
    success_message = gettext_lazy("The seat is saved.")

    @cached_property
    def frozen(self) -> dict[tuple[str, str], str]:
        """What is not asked, and why."""
        found = {
            ("release_first", "release_last"): guards.days_open(self.object),
            ("area", "category"): guards.expertise_open(self.object),
        }
        return {fields: reason for fields, reason in found.items() if reason}

    def initial(self) -> dict[str, Any]:
        return model_to_dict(self.object, SeatForm.base_fields)

    def form_kwargs(self) -> dict[str, Any]:
        return {"without": tuple(name for fields in self.frozen for name in fields)}

    def save(self, form: Any) -> Any:
        services.edit_seat(self.object, by=self.request.user, version=self.version, **form.cleaned_data)
        return self.cancel_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            mission=self.object.mission, seat=self.object, frozen=list(self.frozen.values()), **kwargs
        )


class SeatDrop(OfSeat):
    template_name = "missions/mission_seat_drop.html"
    form_class = DropSeatForm
    success_message = gettext_lazy("The seat is no longer needed.")

    def save(self, form: Any) -> Any:
        services.drop_seat(self.object, by=self.request.user)
        return self.cancel_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(mission=self.object.mission, seat=self.object, **kwargs)


class OfExpert(Panel):
    """The missions of one expert that this reader may see; a panel on the expert's page, and a page without script."""

    action = "missions.of_expert"
    model = Expert
    template_name = "missions/mission_of_expert.html"
    panel = "missions/_of_expert.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = (
            Invitation.objects.visible_to(self.request.user)
            .filter(expert=self.object)
            .select_related("mission__beneficiary", "seat")
            .order_by("-mission__first_day")
        )
        return super().get_context_data(rows=rows, **kwargs)
