"""Accreditation workshops: the list, one with its nominees, announced, nominees put forward and invited, the outcomes of a cohort."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from candidates import queries, services
from candidates.filters_path import WorkshopFilter
from candidates.forms import PlainForm
from candidates.forms_path import InviteForm, OutcomesForm, PutForwardForm, WorkshopForm
from candidates.models import WorkshopNominee
from core.clock import day_of, months_after, today
from core.exports import Export
from core.history import history_of
from core.policies import may
from core.views import FormPage, ListPage, Page, TransitionPage
from core.workflow import state_of
from experts.models import AccreditationWorkshop, Expert
from members.models import Administration


class WorkshopsPage(ListPage):
    """The newest first; of the nominees the numbers that the reader may know of."""

    action = "candidates.list_workshops"
    model = AccreditationWorkshop
    template_name = "candidates/workshops.html"
    results_template = "candidates/_workshops.html"
    filterset_class = WorkshopFilter
    sorts = {
        "month": ("month", "first_day", "pk"),
        "title": ("title", "month", "pk"),
        "category": ("category__order", "area__order", "month", "pk"),
    }
    first_sort = "-month"

    def rows(self) -> Any:
        return queries.with_nominees(super().rows().select_related("category", "area"), self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        day = today()
        context["workshops"] = [(row, queries.standing_of(row, day)) for row in context["rows"]]
        context["sees_nominees"] = bool(may(self.request.user, "candidates.list_nominees"))
        return context


class WorkshopsExport(Export, WorkshopsPage):
    def table(self) -> Any:
        day = today()
        head = [
            _("Workshop"), _("Category"), _("Area"), _("Month"), _("First day"), _("Last day"), _("Place"), _("Standing"),
            _("Nominees"), _("Passed"), _("First steps known here"), _("Source"),
        ]  # fmt: skip
        rows = [
            [
                row.title, row.category.code, row.area, row.month.strftime("%Y-%m"), row.first_day, row.last_day, row.place,
                queries.standing_of(row, day).label, row.nominee_count, row.passed_count, row.first_steps, row.source,
            ]
            for row in self.found()
        ]  # fmt: skip
        return f"workshops-{day.isoformat()}", head, rows


class OfWorkshop:
    """For pages whose `object` is a workshop."""

    model = AccreditationWorkshop
    request: Any
    object: AccreditationWorkshop

    def rows(self) -> Any:
        return super().rows().select_related("category", "area")  # type: ignore[misc]


class WorkshopPage(OfWorkshop, Page):
    """The workshop with the nominees whom the reader may know of; members put people forward from here."""

    action = "candidates.see_workshop"
    template_name = "candidates/workshop.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        workshop, user = self.object, self.request.user
        cohort = queries.cohort_of(workshop, user)
        own = Administration.objects.filter(pk__in=user.administration_ids())
        return super().get_context_data(
            standing=queries.standing_of(workshop, today()),
            cohort=cohort,
            nominees=cohort.nominees,
            takes_nominees=queries.takes_nominees(workshop),
            is_late=workshop.nominate_by is not None and workshop.nominate_by < today(),
            why_not_announced=queries.why_not_announced(workshop),
            said_nobody=[home for home in own if queries.has_said_nobody(workshop, home)],
            has_begun=workshop.begins <= today(),
            steps=workshop.accreditations.count() if user.is_office else None,
            is_office=user.is_office,
            entries=history_of(workshop.pk) if user.is_office else [],
            **kwargs,
        )


class NomineesExport(OfWorkshop, Export, Page):
    """The nominees of one workshop, as far as the reader may know them; no contact data."""

    action = "candidates.list_nominees"

    def table(self) -> Any:
        head = [
            _("Family name"), _("Given name"), _("Administration"), _("State"), _("Put forward on"), _("Why"), _("Remark"),
        ]  # fmt: skip
        rows = [
            [
                row.expert.family_name, row.expert.given_name, row.expert.administration, state_of(row).label,
                day_of(row.created_at), row.note, row.outcome_note,
            ]
            for row in queries.nominees_of(self.object, self.request.user)
        ]  # fmt: skip
        return f"nominees-{today().isoformat()}", head, rows


class WorkshopNew(FormPage):
    """Kept without telling anybody; it is announced from its page."""

    action = "candidates.shape_workshop"
    form_class = WorkshopForm
    template_name = "candidates/workshop_form.html"

    def cancel_url(self) -> str:
        return reverse("candidates:workshops")

    def save(self, form: Any) -> str:
        return services.add_workshop(by=self.request.user, **form.cleaned_data).get_absolute_url()


class WorkshopEdit(OfWorkshop, FormPage):
    action = "candidates.shape_workshop"
    form_class = WorkshopForm
    template_name = "candidates/workshop_form.html"
    success_message = gettext_lazy("Saved.")

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in WorkshopForm.Meta.fields}

    def form_kwargs(self) -> dict[str, Any]:
        return {"is_announced": self.object.announced_at is not None}

    def save(self, form: Any) -> str:
        services.edit_workshop(self.object, by=self.request.user, version=self.version, **form.cleaned_data)
        return self.object.get_absolute_url()


class WorkshopAnnounce(OfWorkshop, FormPage):
    """The announcement as members will read it, read over before it leaves."""

    action = "candidates.shape_workshop"
    form_class = PlainForm
    template_name = "candidates/workshop_announce.html"
    success_message = gettext_lazy(
        "The announcement is on its way: an e-mail to the focal points of each administration, and a place in their inbox."
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            reason=queries.why_not_announced(self.object), homes=Administration.objects.active().count(), **kwargs
        )

    def save(self, form: Any) -> str:
        services.announce_workshop(self.object, by=self.request.user, version=self.version)
        return self.object.get_absolute_url()


class PutForward(OfWorkshop, FormPage):
    """Listed candidates of the area are offered first. `?find=` looks for others, `?expert=` names somebody."""

    action = "candidates.put_forward"
    form_class = PutForwardForm
    template_name = "candidates/workshop_put_forward.html"
    success_message = gettext_lazy("Put forward. The two offices say who is invited; you are told then.")

    @cached_property
    def words(self) -> str:
        return " ".join(self.request.GET.get("find", "").split()[:6])

    @cached_property
    def found(self) -> list[Any]:
        return queries.people_to_put_forward(self.request.user, self.object, self.words)

    @cached_property
    def named(self) -> UUID | None:
        try:
            return UUID(self.request.POST.get("expert") or self.request.GET.get("expert", ""))
        except ValueError:
            return None

    def initial(self) -> dict[str, Any]:
        return {"expert": self.named}

    def form_kwargs(self) -> dict[str, Any]:
        user = self.request.user
        people = Expert.objects.visible_to(user).select_related("administration")
        homes = Administration.objects.active()
        if not user.is_office:
            people = people.filter(administration__in=user.administration_ids())
            homes = homes.filter(pk__in=user.administration_ids())
        keys = [offered.expert.pk for offered in self.found]
        return {"people": people.filter(Q(pk__in=keys) | Q(pk=self.named)), "homes": homes}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(
            found=self.found,
            words=self.words,
            is_open=user.is_office or queries.takes_nominees(self.object),
            is_office=user.is_office,
            **kwargs,
        )

    def save(self, form: Any) -> str:
        services.put_forward(self.object, by=self.request.user, **form.nominee)
        return self.object.get_absolute_url()


class SayNobody(OfWorkshop, FormPage):
    """An administration has nobody for this workshop; one click, asked once."""

    action = "candidates.say_nobody"
    form_class = PlainForm
    template_name = "candidates/workshop_nobody.html"
    success_message = gettext_lazy("Thank you. You can still put somebody forward until the workshop begins.")

    def save(self, form: Any) -> str:
        for home in Administration.objects.filter(pk__in=self.request.user.administration_ids()):
            services.nobody_to_put_forward(self.object, administration=home, by=self.request.user)
        return self.object.get_absolute_url()


class InviteNominees(OfWorkshop, FormPage):
    """Who of those put forward is invited; each administration and each person is told."""

    action = "candidates.invite_nominees"
    form_class = InviteForm
    template_name = "candidates/workshop_invite.html"

    @cached_property
    def nominees(self) -> Any:
        return queries.nominees_before(self.object, self.request.user, "invite")

    def form_kwargs(self) -> dict[str, Any]:
        return {"nominees": self.nominees}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(nominees=list(self.nominees), **kwargs)

    def save(self, form: Any) -> str:
        number = services.invite_nominees(form.cleaned_data["nominees"], by=self.request.user)
        words = ngettext("%(n)d person is invited and told.", "%(n)d people are invited and told.", number)
        messages.success(self.request, words % {"n": number})
        return self.object.get_absolute_url()


class WorkshopOutcomes(OfWorkshop, FormPage):
    """The outcomes of the whole cohort on one page, in one transaction."""

    action = "candidates.enter_outcomes"
    form_class = OutcomesForm
    template_name = "candidates/workshop_outcomes.html"

    @cached_property
    def nominees(self) -> list[WorkshopNominee]:
        return list(queries.nominees_before(self.object, self.request.user, "passed"))

    def initial(self) -> dict[str, Any]:
        last = self.object.last_day or months_after(self.object.month, 1).replace(day=1)
        return {"on": min(last, today())}

    def form_kwargs(self) -> dict[str, Any]:
        return {"nominees": self.nominees}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(has_begun=self.object.begins <= today(), nominees=self.nominees, **kwargs)

    def save(self, form: Any) -> str:
        number = services.enter_outcomes(
            self.object, by=self.request.user, on=form.cleaned_data["on"], outcomes=form.outcomes
        )
        words = ngettext(
            "%(n)d outcome entered; the administration and the person are told.",
            "%(n)d outcomes entered; the administrations and the people are told.",
            number,
        )
        messages.success(self.request, words % {"n": number})
        return self.object.get_absolute_url()


class NomineeDo(TransitionPage):
    action = "candidates.see_nominee"
    model = WorkshopNominee

    def rows(self) -> Any:
        return super().rows().select_related("expert__administration", "workshop__area", "workshop__category")
