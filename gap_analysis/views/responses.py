"""A member's answers: read, filled in over days by several colleagues, sent, opened again; a need that becomes a request (§5.2)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import PortalError, SomebodyWasFaster
from core.history import history_of
from core.views import FormPage, TransitionPage
from core.workflow import blocked, in_reach, state_of
from gap_analysis import queries, services
from gap_analysis.forms_survey import AnswersForm, PlainForm, answers_form
from gap_analysis.models import AreaAnswer, Response
from gap_analysis.workflow import RESPONSE


class OfResponse(FormPage):
    """A member's answers with all that hangs on them, in a fixed number of queries."""

    model = Response

    def rows(self) -> Any:
        return (
            super()
            .rows()
            .select_related("survey", "administration")
            .prefetch_related(
                "survey__areas", "survey__questions", "area_answers__request", "question_answers__question"
            )
        )

    @cached_property
    def before(self) -> Response | None:
        return queries.response_before(self.object)

    @property
    def is_own(self) -> bool:
        return self.object.administration_id in self.request.user.administration_ids()


class ResponsePage(OfResponse):
    """What a member answered, beside what it answered in the round before."""

    action = "gap_analysis.see_response"
    template_name = "gap_analysis/response.html"
    form_class = PlainForm
    http_method_names = ["get", "head", "options"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        response = self.object
        entries = history_of(response.pk)
        return super().get_context_data(
            lines=queries.area_lines(response, self.before),
            questions=queries.question_lines(response, self.before),
            before=self.before,
            progress=queries.progress_of(response),
            is_sent=in_reach(response, RESPONSE.transition("reopen")),
            is_own=self.is_own,
            entries=entries if self.request.user.is_office else entries.filter(private=False),
            **kwargs,
        )


class ResponseEdit(OfResponse):
    """The form. It saves as it is typed; without script by its button, and then says where a colleague was faster."""

    action = "gap_analysis.write_response"
    template_name = "gap_analysis/response_edit.html"
    form_class = PlainForm

    clashes: dict[str, str] = {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        write = RESPONSE.transition("write")
        if not in_reach(self.object, write) or (reason := blocked(self.object, write)):
            sentence = _("These answers have been sent. Open them again to change them.")
            messages.info(request, sentence if not in_reach(self.object, write) else reason)
            return redirect(self.object)
        return super().get(request, *args, **kwargs)

    def make_form(self, **data: Any) -> AnswersForm:
        data.pop("files", None)
        return answers_form(self.object, **data)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.make_form(data=request.POST)
        form.is_valid()
        try:
            self.clashes = services.save_answers(self.object, by=request.user, values=form.answers(), was=form.shown())
        except PortalError as error:
            messages.error(request, str(error.sentence))
            return redirect(self.object)
        if not form.errors and not self.clashes:
            if "send" in request.POST:
                return redirect("gap_analysis:response-submit", self.object.pk)
            messages.success(request, _("Everything is kept. Nothing has been sent to ROCB yet."))
            return redirect(request.path)
        self.__dict__.pop("object", None)
        return self.render_to_response(self.get_context_data(form=self._again(form)), status=422)

    def _again(self, form: AnswersForm) -> AnswersForm:
        """The page drawn anew with what was typed, against what is stored now: the next saving takes its place."""
        typed: QueryDict = form.data.copy()  # type: ignore[attr-defined]
        again = self.make_form()
        typed["was"] = again.initial["was"]
        fresh = self.make_form(data=typed)
        fresh.is_valid()
        return fresh

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or self.make_form()
        response = self.object
        fields = dict(form.in_areas())
        stored = queries.told(response)
        lines = queries.area_lines(response, self.before)
        first = next((line for line in lines if not line.is_answered), None)
        return super().get_context_data(
            form=form,
            areas=[
                {
                    "line": line,
                    "fields": fields[line.area.pk],
                    "is_open": line is first or any(field.errors for field in fields[line.area.pk].values()),
                }
                for line in lines
            ],
            questions=[
                {"line": line, "field": form[queries.question_field(line.question.pk)]}
                for line in queries.question_lines(response, self.before)
                if line.question.retired_at is None
            ],
            clashes=[(form.fields[name].label, name, stored.get(name, "")) for name in self.clashes],
            progress=queries.progress_of(response),
            before=self.before,
            is_own=self.is_own,
            still_missing=blocked(response, RESPONSE.transition("submit")),
            **kwargs,
        )


class ResponseField(OfResponse):
    """One answer, as it is typed: `field`, its value under its own name, and `was`, what stood there. The answer is JSON.

    200 kept; 409 with what somebody else has written meanwhile, or why nothing can be kept; 422 with what is wrong.
    """

    action = "gap_analysis.write_response"
    form_class = PlainForm
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = answers_form(self.object, data=request.POST)
        name = request.POST.get("field", "")
        if name not in form.fields or name == "was":
            return JsonResponse({"reason": _("This is not asked any more. Please open the page again.")}, status=409)
        form.is_valid()
        if name in form.errors:
            return JsonResponse({"reason": " ".join(str(error) for error in form.errors[name])}, status=422)
        try:
            clashes = services.save_answers(
                self.object,
                by=request.user,
                values={name: form.cleaned_data[name]},
                was={name: request.POST.get("was", "").replace("\r\n", "\n")},
            )
        except PortalError as error:
            return JsonResponse({"reason": str(error.sentence)}, status=409)
        self.__dict__.pop("object", None)
        now = queries.told(self.object).get(name, "")
        if clashes:
            return JsonResponse({"reason": str(SomebodyWasFaster.sentence), "theirs": now}, status=409)
        progress = queries.progress_of(self.object)
        return JsonResponse({"now": now, "done": progress.done, "total": progress.total, "words": progress.words})


class ResponseSubmit(OfResponse):
    """Everything once more, as ROCB will read it, before it leaves."""

    action = "gap_analysis.submit_response"
    template_name = "gap_analysis/response_submit.html"
    form_class = PlainForm
    success_message = gettext_lazy("Thank you. ROCB has the answers, and an e-mail confirms them.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = RESPONSE.transition("submit")
        lines = queries.area_lines(self.object, self.before)
        return super().get_context_data(
            row=row,
            lines=[line for line in lines if line.is_answered],
            unknown=[line.area for line in lines if not line.is_answered],
            questions=queries.question_lines(self.object, self.before),
            is_open=in_reach(self.object, row),
            reason=blocked(self.object, row),
            state=state_of(self.object),
            is_own=self.is_own,
            edit_url=reverse("gap_analysis:response-edit", args=[self.object.pk]),
            **kwargs,
        )

    def save(self, form: Any) -> str:
        return services.submit_response(self.object, by=self.request.user).get_absolute_url()


class ResponseDo(TransitionPage):
    action = "gap_analysis.see_response"
    model = Response

    def rows(self) -> Any:
        return super().rows().select_related("survey", "administration")


class RequestFrom(FormPage):
    """A stated need becomes a request by one click of the member, or of ROCB for it (§5.2)."""

    action = "gap_analysis.request_from"
    form_class = PlainForm

    def rows(self) -> Any:
        responses = Response.objects.visible_to(self.request.user)
        return AreaAnswer.objects.filter(response__in=responses).select_related("response__administration", "area")

    def cancel_url(self) -> str:
        return self.object.response.get_absolute_url()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(self.cancel_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            drafted = services.request_from(self.object, by=self.request.user)
        except PortalError as error:
            messages.error(request, str(error.sentence))
            return redirect(self.cancel_url())
        if self.object.response.administration_id in self.request.user.administration_ids():
            messages.success(request, _("The request is drafted from your answer. Complete it and send it to ROCB."))
            return redirect(drafted)
        messages.success(
            request,
            _("The request %(number)s is drafted and waits in the inbox of %(member)s, which completes and sends it.")
            % {"number": drafted.number, "member": self.object.response.administration},
        )
        return redirect(self.cancel_url())
