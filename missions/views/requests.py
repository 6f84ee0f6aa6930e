"""Step 1: the request, from the draft to the annual plan (§3.4)."""

import uuid
from typing import Any

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.autosave import Autosave
from core.clock import day_of, today
from core.errors import InvalidAnswers
from core.exports import AlsoAsFile
from core.models import StoredFile
from core.views import Download, FormPage, ListPage, Page, TransitionPage
from core.workflow import available, state_of
from members.models import Administration
from missions import jobs, queries, services
from missions.enums import BearsCost, Mode
from missions.filters import RequestFilter
from missions.forms import PlanEntryForm, RequestForm, SendForm, first_day_in
from missions.guards import dates_lie_ahead, open_questions
from missions.models import CapacityRequest, plan_label
from missions.views.frame import next_of


class RequestList(AlsoAsFile, ListPage):
    action = "missions.list_requests"
    queryset = CapacityRequest.objects.select_related("beneficiary", "area", "mission")
    filterset_class = RequestFilter
    template_name = "missions/request_list.html"
    results_template = "missions/_request_results.html"
    sorts = {
        "number": ("number",),
        "title": ("title", "number"),
        "beneficiary": ("beneficiary__name", "number"),
        "first_day": ("first_day", "number"),
        "since": ("state_since", "number"),
    }
    first_sort = "-since"

    def table(self) -> Any:
        head = [
            _("Number"), _("Title"), _("Beneficiary"), _("Area"), _("First day wished"), _("Last day wished"), _("Mode"),
            _("Bears cost"), _("Origin"), _("State"), _("Since"),
        ]  # fmt: skip
        rows = [
            [
                r.number, r.title, r.beneficiary.name, r.area.code if r.area else "", r.first_day, r.last_day, r.get_mode_display(),
                r.get_bears_cost_display(), r.get_origin_display(), state_of(r).label, day_of(r.state_since),
            ]
            for r in self.found()
        ]  # fmt: skip
        return "requests", head, rows


class WritesRequest(FormPage):
    """Writing a request: whatever was typed is kept as a draft; what is still open is said, and stands in the way of sending only."""

    template_name = "missions/request_form.html"
    form_class = RequestForm

    def onward(self, kept: CapacityRequest) -> str:
        """Later: to the request. Else to the answers, or back to the questions that are open."""
        if "later" in self.request.POST:
            messages.success(self.request, _("Kept as it stands. Go on whenever you like; nothing has been sent."))
            return kept.get_absolute_url()
        if still_open(kept):
            return f"{reverse('missions:request-edit', args=[kept.pk])}?open"
        return reverse("missions:request-file", args=[kept.pk])


class RequestNew(WritesRequest):
    """A new request; it is kept as a draft, and nothing leaves before its answers have been read over."""

    action = "missions.add_request"

    @cached_property
    def key(self) -> uuid.UUID:
        return key_in(self.request.POST)

    def initial(self) -> dict[str, Any]:
        return first_answers(self.request.user)

    def form_kwargs(self) -> dict[str, Any]:
        return {"administrations": administrations_of(self.request.user)}

    def save(self, form: Any) -> Any:
        begun = own_requests(self.request.user).filter(pk=self.key).first()
        if begun is not None:
            return self.onward(
                services.edit_request(begun, by=self.request.user, version=self.version, **form.answers())
            )
        if not form.says_something:
            raise InvalidAnswers(open_questions(CapacityRequest(**form.answers() | {"beneficiary": None})))
        return self.onward(begin(self.request.user, self.key, form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        begun = own_requests(self.request.user).filter(pk=self.key).first() if self.request.method == "POST" else None
        return context | {
            "key": self.key,
            "version": begun.version if begun else 0,
            "autosave": reverse("missions:request-new-autosave"),
        }

    def cancel_url(self) -> str:
        return reverse("missions:requests")


def still_open(request: CapacityRequest) -> dict[str, str]:
    passed = dates_lie_ahead(request)
    return {**({"last_day": passed} if passed else {}), **open_questions(request)}


def first_answers(user: Any) -> dict[str, Any]:
    return {"contact_name": user.name, "contact_email": user.email}


def own_requests(user: Any) -> Any:
    return CapacityRequest.objects.visible_to(user).filter(beneficiary__in=user.administration_ids())


def administrations_of(user: Any) -> list[Administration]:
    return list(Administration.objects.filter(pk__in=user.administration_ids()))


def key_in(typed: Any) -> uuid.UUID:
    """The key of the draft that a page of a new request begins, so that it begins one and not two."""
    try:
        return uuid.UUID(typed.get("draft", ""))
    except ValueError:
        return uuid.uuid4()


def begin(user: Any, key: uuid.UUID, form: RequestForm) -> CapacityRequest:
    return services.draft_request(by=user, key=key, **{"beneficiary": administrations_of(user)[0], **form.answers()})


class OfRequest:
    queryset = CapacityRequest.objects.select_related("beneficiary", "area", "mission", "letter_pdf")


class RequestPage(OfRequest, Page):
    action = "missions.see_request"
    template_name = "missions/request.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moves = queries.request_moves(self.request.user, self.object)
        return super().get_context_data(
            card=next_of(moves) if moves else {},
            lines=queries.history_of_one(self.request.user, self.object),
            discreet=False,
            **kwargs,
        )


class RequestEdit(OfRequest, WritesRequest):
    """Going on with it. `?open` shows what is still open at its question."""

    action = "missions.edit_request"

    def form_kwargs(self) -> dict[str, Any]:
        """For whom it is asked can change until it is sent."""
        return {"administrations": [] if self.object.filed_at else administrations_of(self.request.user)}

    def initial(self) -> dict[str, Any]:
        return kept_answers(self.object)

    def make_form(self, **data: Any) -> Any:
        form = super().make_form(**data)
        if not data and "open" in self.request.GET:
            form = super().make_form(data={name: form[name].value() for name in form.fields})
            form.point_at(still_open(self.object))
        return form

    def save(self, form: Any) -> Any:
        return self.onward(
            services.edit_request(self.object, by=self.request.user, version=self.version, **form.answers())
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        autosave = reverse("missions:request-autosave", args=[self.object.pk])
        return super().get_context_data(autosave=autosave, **kwargs)


def kept_answers(request: CapacityRequest) -> dict[str, Any]:
    return {**model_to_dict(request, RequestForm.Meta.fields), "beneficiary": str(request.beneficiary_id)}


class RequestAutosave(OfRequest, Autosave):
    action = "missions.edit_request"
    form_class = RequestForm

    def initial(self) -> dict[str, Any]:
        return kept_answers(self.object)

    def form_kwargs(self) -> dict[str, Any]:
        return {"administrations": [] if self.object.filed_at else administrations_of(self.request.user)}

    def keep(self, form: Any) -> tuple[Any, list[str]]:
        return keep_typed(self, self.object, form)

    def page(self, kept: CapacityRequest) -> str:
        return reverse("missions:request-edit", args=[kept.pk])


class RequestNewAutosave(Autosave):
    """The first saving of a new request begins its draft, under the key that its page carries; an untouched page begins none."""

    action = "missions.add_request"
    form_class = RequestForm

    def initial(self) -> dict[str, Any]:
        return first_answers(self.request.user)

    def form_kwargs(self) -> dict[str, Any]:
        return {"administrations": administrations_of(self.request.user)}

    def keep(self, form: Any) -> tuple[Any, list[str]]:
        key, user = key_in(self.request.POST), self.request.user
        begun = own_requests(user).filter(pk=key).first()
        if begun is not None:
            return keep_typed(self, begun, form)
        if not form.says_something:
            return None, []
        return begin(user, key, form), form.labels(form.errors)

    def page(self, kept: CapacityRequest) -> str:
        return reverse("missions:request-edit", args=[kept.pk])


def keep_typed(page: Autosave, request: CapacityRequest, form: Any) -> tuple[CapacityRequest, list[str]]:
    """Everything that can be kept, and what not: answers that cannot be read, or that a request sent before must not lose."""

    def edited(answers: dict[str, Any]) -> CapacityRequest:
        return services.edit_request(request, by=page.request.user, version=page.version, keeps_trace=False, **answers)

    unread = set(form.errors)
    try:
        return edited(form.answers()), form.labels(unread)
    except InvalidAnswers as error:
        rest = {name: value for name, value in form.answers().items() if name not in error.fields}
        return edited(rest), form.labels(unread | set(error.fields))


class RequestFile(OfRequest, FormPage):
    """Check your answers, with the letter as it will leave; then send."""

    action = "missions.file_request"
    template_name = "missions/request_check.html"
    form_class = SendForm
    success_message = gettext_lazy(
        "The request has been sent to ROCB. It is checked there and passed on to the Secretariat; you are told at each step."
    )

    def save(self, form: Any) -> Any:
        return services.file_request(self.object, by=self.request.user, version=self.version)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = next((o for o in available(self.object, self.request.user) if o.transition.name == "file"), None)
        return super().get_context_data(
            offer=row,
            state=state_of(self.object),
            letter_date=today(),
            is_open=bool(open_questions(self.object)),
            bears_all=self.object.bears_cost == BearsCost.YES,
            bears_part=self.object.bears_cost == BearsCost.PARTLY,
            **kwargs,
        )


class RequestLetter(Download):
    """The beneficiary's letter to the Secretariat, through ROCB, as it was last sent; drawn here if the worker has not come to it."""

    action = "missions.see_request"
    queryset = CapacityRequest.objects.select_related("letter_pdf", "beneficiary", "area")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.object.filed_at:
            messages.info(request, _("The letter is drawn up when the request is sent."))
            return redirect(self.object)
        return super().get(request, *args, **kwargs)

    def stored(self) -> StoredFile | None:
        return jobs.request_letter(self.object)


class RequestDo(OfRequest, TransitionPage):
    action = "missions.see_request"
    model = CapacityRequest


class PlanEntry(OfRequest, FormPage):
    """The Secretariat enters a checked request in the annual plan and so opens the mission."""

    action = "missions.enter_in_plan"
    template_name = "missions/plan_entry.html"
    form_class = PlanEntryForm
    success_message = gettext_lazy(
        "The request is in the annual plan. Next: look at the Secretariat's own experts, then the pool (§3.4, step 2)."
    )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("HX-Request") and "first_day" in request.GET:
            return render(request, "missions/_plan_year.html", {"plan_year": self.plan_year(request.GET)})
        return super().get(request, *args, **kwargs)

    def form_kwargs(self) -> dict[str, Any]:
        return {"plan_year_url": self.request.path}

    def plan_year(self, typed: Any) -> str:
        day = first_day_in(typed) or self.object.first_day
        return plan_label(services.plan_year_of(day))

    def initial(self) -> dict[str, Any]:
        wished = self.object
        return {
            "title": wished.title,
            "place": wished.place or (_("Online") if wished.mode == Mode.REMOTE else ""),
            "first_day": wished.first_day,
            "last_day": wished.last_day,
            "mode": wished.mode,
            "under_scheme": True,
            "role": 1,
            "seats": 1,
        }

    def save(self, form: Any) -> Any:
        return services.enter_in_plan(self.object, by=self.request.user, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offer = next(
            (o for o in available(self.object, self.request.user) if o.transition.name == "enter_in_plan"), None
        )
        return super().get_context_data(
            offer=offer, state=state_of(self.object), plan_year=self.plan_year(self.request.POST), **kwargs
        )


class Plan(AlsoAsFile, Page):
    """The annual plan: missions and what waits to be entered, a plan year a page."""

    action = "missions.plan"
    template_name = "missions/plan.html"

    @cached_property
    def year(self) -> int:
        typed = self.request.GET.get("year", "")
        known = len(typed) == 4 and typed.isdecimal() and 2000 <= int(typed) < 2100
        return int(typed) if known else services.plan_year_of(today())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        plan = queries.annual_plan(self.request.user, self.year)
        years = [(y, plan_label(y)) for y in (self.year - 1, self.year + 1)]
        return super().get_context_data(
            plan=plan, label=plan_label(self.year), span=queries.plan_span(self.year), years=years, **kwargs
        )

    def table(self) -> Any:
        plan = queries.annual_plan(self.request.user, self.year)
        head = [
            _("Plan year"), _("Number"), _("Request"), _("Title"), _("Beneficiary"), _("Area"), _("Place"), _("First day"),
            _("Last day"), _("Seats"), _("Under the scheme"), _("Financed by"), _("Donor"), _("State"),
        ]  # fmt: skip
        entered = [
            [
                m.plan_label, m.number, m.request.number if m.request else "", m.title, m.beneficiary.name, m.area.code, m.place,
                m.first_day, m.last_day, m.seat_count, _("yes") if m.under_scheme else _("no"), m.get_financing_display(),
                m.donor, state_of(m).label,
            ]
            for m in plan.missions
        ]  # fmt: skip
        waiting = [
            [
                plan_label(plan.year), "", r.number, r.title, r.beneficiary.name, r.area.code if r.area else "", r.place,
                r.first_day, r.last_day, "", "", "", "", state_of(r).label,
            ]
            for r in plan.waiting
        ]  # fmt: skip
        return f"annual-plan-{plan.year}", head, entered + waiting
