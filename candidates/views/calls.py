"""Calls for nominations: written, read over, sent; who has answered; the answer of a member (§2.2(2))."""

from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates import queries, services
from candidates.enums import CallAnswer
from candidates.filters import CallFilter
from candidates.forms import CallAnswerForm, CallForm, PlainForm
from candidates.models import Call, CalledMember, Nomination
from candidates.workflow import CALL
from core.clock import day_of, today
from core.exports import Export
from core.history import history_of
from core.views import FormPage, ListPage, Page, TransitionPage
from core.workflow import blocked, in_reach, state_of
from experts.models import Area


class CallsPage(ListPage):
    action = "candidates.list_calls"
    model = Call
    template_name = "candidates/calls.html"
    results_template = "candidates/_calls.html"
    filterset_class = CallFilter
    sorts = {
        "since": ("created_at", "pk"),
        "title": ("title", "pk"),
        "deadline": ("deadline", "pk"),
    }
    first_sort = "-since"

    def rows(self) -> Any:
        return super().rows().prefetch_related("areas", "members")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user = self.request.user
        context["calls"] = queries.calls_with_answers(context["rows"], user.administration_ids())
        context["is_office"] = user.is_office
        return context


class CallsExport(Export, CallsPage):
    """The same rows with the number of answers; for members, their own."""

    def table(self) -> Any:
        head = [_("Subject"), _("Areas"), _("State"), _("Sent"), _("Answers wished by")]
        office = self.request.user.is_office
        head += [_("Asked"), _("Answered"), _("Nominate")] if office else [_("Own answer")]
        rows = [
            [
                row.call.title, "; ".join(area.name for area in row.call.areas.all()), state_of(row.call).label,
                day_of(row.call.sent_at) if row.call.sent_at else None, row.call.deadline,
                *((row.asked, row.answered, row.nominating) if office else (row.own_words,)),
            ]
            for row in queries.calls_with_answers(self.found(), self.request.user.administration_ids())
        ]  # fmt: skip
        return f"calls-{today().isoformat()}", head, rows


class CallPage(Page):
    """A call with who was asked and what has come back; a member reads it and answers here."""

    action = "candidates.see_call"
    model = Call
    template_name = "candidates/call.html"

    def rows(self) -> Any:
        return super().rows().prefetch_related("areas")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call, user = self.object, self.request.user
        answers = queries.answers_to(call)
        own = [answer for answer in answers if answer.member.administration_id in user.administration_ids()]
        return super().get_context_data(
            answers=answers if user.is_office else [],
            own=own,
            silent=sum(answer.is_silent for answer in answers),
            nominations=list(queries.nominations_to(call).filter(pk__in=Nomination.objects.visible_to(user))),
            covered=queries.covered_areas(today()),
            is_open=services.is_open(call),
            is_office=user.is_office,
            entries=history_of(call.pk) if user.is_office else [],
            **kwargs,
        )


class AnswersExport(Export, Page):
    """Who was asked by a call, and what each has said."""

    action = "candidates.see_answers"
    model = Call

    def table(self) -> Any:
        head = [_("Administration"), _("Sub-region"), _("Answer"), _("On"), _("By"), _("Note"), _("Nominations")]
        rows = [
            [
                a.member.administration.name, a.member.administration.subregion, a.words,
                day_of(a.member.answered_at) if a.member.answered_at else None, a.member.answered_by, a.member.note,
                "; ".join(str(nomination) for nomination in a.nominations),
            ]
            for a in queries.answers_to(self.object)
        ]  # fmt: skip
        return f"call-answers-{today().isoformat()}", head, rows


class CallNew(FormPage):
    """A new call; it is kept as a draft, and nothing leaves before it has been read over."""

    action = "candidates.add_call"
    form_class = CallForm
    template_name = "candidates/call_form.html"

    def initial(self) -> dict[str, Any]:
        """`?area=` begins a call of all members for people in that area."""
        area = Area.objects.active().filter(code=self.request.GET.get("area", "")).first()
        if area is None:
            return {}
        return {
            "title": _("Experts in %(area)s") % {"area": area.name},
            "areas": [area.pk],
            "groups": [CallForm.EVERYBODY],
        }

    def form_kwargs(self) -> dict[str, Any]:
        return {"covered": queries.covered_areas(today())}

    def cancel_url(self) -> str:
        return reverse("candidates:calls")

    def save(self, form: Any) -> str:
        call = services.draft_call(by=self.request.user, **form.call)
        return reverse("candidates:call-send", args=[call.pk])


class CallEdit(FormPage):
    action = "candidates.edit_call"
    model = Call
    form_class = CallForm
    template_name = "candidates/call_form.html"

    def initial(self) -> dict[str, Any]:
        call = self.object
        return {
            "title": call.title,
            "text": call.text,
            "deadline": call.deadline,
            "areas": [area.pk for area in call.areas.all()],
            "members": list(call.members.values_list("administration", flat=True)),
        }

    def form_kwargs(self) -> dict[str, Any]:
        return {"covered": queries.covered_areas(today())}

    def save(self, form: Any) -> str:
        services.edit_call(self.object, by=self.request.user, version=self.version, **form.call)
        return reverse("candidates:call-send", args=[self.object.pk])


class CallSend(FormPage):
    """The call as members will read it, read over before it leaves."""

    action = "candidates.send_call"
    model = Call
    form_class = PlainForm
    template_name = "candidates/call_send.html"
    success_message = gettext_lazy(
        "The call is on its way: an e-mail to the focal points of each administration, and a place in their inbox."
    )

    @cached_property
    def row(self) -> Any:
        return CALL.transition("send")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            row=self.row,
            members=list(self.object.members.select_related("administration")),
            areas=list(self.object.areas.all()),
            is_open=in_reach(self.object, self.row),
            reason=blocked(self.object, self.row),
            state=state_of(self.object),
            **kwargs,
        )

    def save(self, form: Any) -> str:
        return services.send_call(self.object, by=self.request.user, version=self.version).get_absolute_url()


class CallRemind(FormPage):
    """Once more to those who are silent, by name, asked before it is done."""

    action = "candidates.remind_call"
    model = Call
    form_class = PlainForm
    template_name = "candidates/call_remind.html"

    @cached_property
    def silent(self) -> list[CalledMember]:
        return queries.silent_members(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(silent=self.silent, is_open=services.is_open(self.object), **kwargs)

    def save(self, form: Any) -> str:
        number = services.remind_call(self.object, by=self.request.user, silent=self.silent)
        messages.success(self.request, _("A reminder goes to %(n)d administrations.") % {"n": number})
        return self.object.get_absolute_url()


class CallReply(FormPage):
    """An administration answers a call, or ROCB notes what it said."""

    action = "candidates.answer_call"
    model = CalledMember
    form_class = CallAnswerForm
    template_name = "candidates/call_answer.html"
    success_message = gettext_lazy("The answer is kept. It can be changed until the call is closed.")

    def rows(self) -> Any:
        return super().rows().select_related("call", "administration")

    @property
    def on_behalf(self) -> bool:
        return self.object.administration_id not in self.request.user.administration_ids()

    def initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("answer", "")
        return {
            "answer": asked if asked in CallAnswer.values else self.object.answer,
            "note": self.object.note,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            call=self.object.call, on_behalf=self.on_behalf, is_open=services.is_open(self.object.call), **kwargs
        )

    def save(self, form: Any) -> str:
        services.answer_call(self.object, by=self.request.user, on_behalf=self.on_behalf, **form.cleaned_data)
        return self.object.call.get_absolute_url()


class CallDo(TransitionPage):
    action = "candidates.see_call"
    model = Call
