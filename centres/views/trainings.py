"""Trainings that centres gave or hold for candidates, and the experts who taught or took part (§2.3, IV)."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centres import queries, services
from centres.enums import TrainingKind, TrainingRole
from centres.filters import TrainingFilter
from centres.forms import PlainForm, TrainingForm, TrainingPersonForm
from centres.models import Centre, Training, TrainingPerson
from core.clock import today
from core.exports import Export
from core.policies import may
from core.views import FormPage, ListPage, Page, Panel
from experts.models import Expert


class TrainingsPage(ListPage):
    action = "centres.list"
    model = Training
    template_name = "centres/trainings.html"
    results_template = "centres/_trainings.html"
    filterset_class = TrainingFilter
    sorts = {
        "when": ("first_day", "pk"),
        "title": ("title", "pk"),
        "area": ("area__order", "first_day", "pk"),
        "centre": ("centre__administration__name", "first_day", "pk"),
    }
    first_sort = "-when"

    def rows(self) -> Any:
        return super().rows().select_related("centre__administration", "area")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["trainings"] = queries.trainings_with_people(context["rows"], self.request.user)
        return context


class TrainingsExport(Export, TrainingsPage):
    """The same rows with the people one may see."""

    def table(self) -> Any:
        head = [
            _("Title"), _("Kind"), _("Centre"), _("Area"), _("First day"), _("Last day"), _("Place"), _("Participants"),
            _("Trainers"), _("Who took part, of those known here"),
        ]  # fmt: skip
        rows = [
            (
                t.title, t.get_kind_display(), t.centre, t.area, t.first_day, t.last_day, t.place, t.participants,
                names(lines, TrainingRole.TRAINER), names(lines, TrainingRole.PARTICIPANT),
            )
            for t, lines in queries.trainings_with_people(self.found(), self.request.user)
        ]  # fmt: skip
        return f"trainings-{today().isoformat()}", head, rows


def names(lines: list[TrainingPerson], role: str) -> str:
    return "; ".join(line.expert.name for line in lines if line.role == role)


class TrainingPage(Page):
    action = "centres.see"
    model = Training
    template_name = "centres/training.html"

    def rows(self) -> Any:
        return super().rows().select_related("centre__administration", "area")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        [(_training, lines)] = queries.trainings_with_people([self.object], user)
        seen = Expert.objects.visible_to(user).filter(pk__in=[line.expert_id for line in lines])
        return super().get_context_data(
            lines=lines,
            opens=set(seen.values_list("pk", flat=True)),
            keeps=bool(may(user, "centres.edit_training", self.object)),
            **kwargs,
        )


class TrainingAdd(FormPage):
    """`?kind=candidates` opens the form for one that is for candidates."""

    action = "centres.add_training"
    model = Centre
    form_class = TrainingForm
    template_name = "centres/training_form.html"
    success_message = gettext_lazy(
        "The training is kept. Name who taught and who took part, as far as they are known here."
    )

    def initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("kind", "")
        return {"kind": asked if asked in TrainingKind.values else TrainingKind.GIVEN}

    def save(self, form: Any) -> str:
        return services.add_training(self.object, by=self.request.user, **form.cleaned_data).get_absolute_url()


class OfTraining(FormPage):
    """A question about one training."""

    action = "centres.edit_training"
    model = Training

    def rows(self) -> Any:
        return super().rows().select_related("centre__administration")


class TrainingEdit(OfTraining):
    form_class = TrainingForm
    template_name = "centres/training_form.html"

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in TrainingForm.Meta.fields}

    def save(self, form: Any) -> str:
        services.edit_training(self.object, by=self.request.user, version=self.version, **form.cleaned_data)
        return self.object.get_absolute_url()


class TrainingRemove(OfTraining):
    form_class = PlainForm
    template_name = "centres/training_remove.html"
    success_message = gettext_lazy("The training is struck out; the history of the centre keeps its name.")

    def save(self, form: Any) -> str:
        centre = self.object.centre
        services.remove_training(self.object, by=self.request.user)
        return centre.get_absolute_url()


class TrainingPersonAdd(OfTraining):
    """`?find=` looks for somebody; each found has the button of its own role."""

    form_class = TrainingPersonForm
    template_name = "centres/training_person_add.html"
    MOST = 20

    def form_kwargs(self) -> dict[str, Any]:
        people = Expert.objects.visible_to(self.request.user)
        try:
            return {"people": people.filter(pk=UUID(self.request.POST.get("expert", "")))}
        except ValueError:
            return {"people": people.none()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = self.request.GET.get("find", "").split()[:6]
        found = queries.people_named(self.request.user, words)[: self.MOST] if words else []
        return super().get_context_data(words=" ".join(words), found=found, roles=TrainingRole.choices, **kwargs)

    def save(self, form: Any) -> str:
        services.add_training_person(self.object, by=self.request.user, **form.cleaned_data)
        return self.object.get_absolute_url()


class TrainingPersonRemove(FormPage):
    action = "centres.remove_training_person"
    model = TrainingPerson
    form_class = PlainForm
    template_name = "centres/training_person_remove.html"

    def rows(self) -> Any:
        return super().rows().select_related("expert", "training__centre__administration")

    def save(self, form: Any) -> str:
        training = self.object.training
        services.remove_training_person(self.object, by=self.request.user)
        return reverse("centres:training", args=[training.pk])


class OfExpert(Panel):
    """The trainings of one person, as a page and as the panel of the person's own page."""

    action = "centres.of_expert"
    model = Expert
    template_name = "centres/of_expert.html"
    panel = "centres/_of_expert.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = TrainingPerson.objects.visible_to(self.request.user).filter(expert=self.object)
        lines = lines.select_related("training__centre__administration", "training__area")
        return super().get_context_data(lines=lines.order_by("-training__first_day"), **kwargs)
