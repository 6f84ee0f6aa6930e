"""Rounds of the survey: the list, a round with its board, its questions, the preview, reminders, sums and exports (§5.2)."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.clock import day_of, today
from core.exports import Export
from core.history import history_of
from core.views import FormPage, ListPage, Page, TransitionPage
from core.workflow import in_reach, state_of
from gap_analysis import queries, services
from gap_analysis.enums import NeedKind, NeedLevel
from gap_analysis.forms_survey import AnswersForm, PlainForm, QuestionForm, RemindForm, SurveyForm
from gap_analysis.models import Question, Response, Survey
from gap_analysis.workflow import RESPONSE, SURVEY
from missions.models import plan_label
from missions.services import plan_year_of

SHOWN = ("answered", "late", "begun", "silent", "excused")
WORDS = {
    "answered": gettext_lazy("answered"),
    "late": gettext_lazy("silent after the day"),
    "begun": gettext_lazy("begun"),
    "silent": gettext_lazy("not begun"),
    "excused": gettext_lazy("left out"),
}
TONES = {"answered": "good", "late": "bad", "begun": "info", "silent": "warn", "excused": "neutral"}


class SurveysPage(ListPage):
    action = "gap_analysis.list_surveys"
    model = Survey
    template_name = "gap_analysis/surveys.html"
    results_template = "gap_analysis/_surveys.html"
    sorts = {"year": ("year", "created_at"), "title": ("title", "pk"), "due": ("due", "pk")}
    first_sort = "-year"

    def rows(self) -> Any:
        responses = Response.objects.select_related("administration")
        return super().rows().prefetch_related(Prefetch("responses", queryset=responses))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["rounds"] = queries.rounds(context["rows"], self.request.user.administration_ids())
        context["is_office"] = self.request.user.is_office
        return context


class SurveysExport(Export, SurveysPage):
    """The rounds with how many answered; for members, with the own answer's state."""

    def table(self) -> Any:
        user = self.request.user
        head = [_("Title"), _("Plan year"), _("State"), _("Opened"), _("Answers wished by"), _("Closed")]
        head += [_("Asked"), _("Answered")] if user.is_office else [_("Own answer")]
        rows = []
        for row in queries.rounds(self.found(), user.administration_ids()):
            survey = row.survey
            own = "; ".join(f"{r.administration}: {state_of(r).label}" for r in row.own)
            rows.append(
                [
                    survey.title, survey.year_label, state_of(survey).label,
                    day_of(survey.opened_at) if survey.opened_at else None, survey.due,
                    day_of(survey.closed_at) if survey.closed_at else None,
                    *((row.asked, row.answered) if user.is_office else (own,)),
                ]
            )  # fmt: skip
        return f"needs-surveys-{today().isoformat()}", head, rows


class SurveyPage(Page):
    """A round: for the offices the board of who has answered, for a member what is asked and its own answer."""

    action = "gap_analysis.see_survey"
    model = Survey
    template_name = "gap_analysis/survey.html"

    def rows(self) -> Any:
        return super().rows().prefetch_related("areas", "questions")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        survey, user = self.object, self.request.user
        board = queries.board(survey)
        wanted = self.request.GET.get("show", "")
        counts = [(name, WORDS[name], sum(row.stands == name for row in board)) for name in SHOWN]
        return super().get_context_data(
            board=[
                {"row": row, "words": WORDS[row.stands], "tone": TONES[row.stands]}
                for row in board
                if wanted not in SHOWN or row.stands == wanted
            ]
            if user.is_office
            else [],
            counts=[one for one in counts if one[2]],
            wanted=wanted if wanted in SHOWN else "",
            own=[row.response for row in board if row.response.administration_id in user.administration_ids()],
            areas=len(survey.areas.all()),
            questions=queries.asked_now(survey),
            is_office=user.is_office,
            is_draft=in_reach(survey, SURVEY.transition("open")),
            is_open=in_reach(survey, SURVEY.transition("close")),
            is_over=in_reach(survey, SURVEY.transition("reopen")),
            entries=history_of(survey.pk) if user.is_office else [],
            **kwargs,
        )


class BoardExport(Export, Page):
    """Who has answered, with reminders and notes."""

    action = "gap_analysis.export_answers"
    model = Survey

    def table(self) -> Any:
        head = [
            _("Administration"), _("Sub-region"), _("State"), _("Areas answered"), _("Submitted"), _("Due"), _("Late"),
            _("Reminders"), _("Last reminded"), _("Note"),
        ]  # fmt: skip
        rows = [
            [
                row.response.administration.name, row.response.administration.get_subregion_display(), WORDS[row.stands],
                row.areas, day_of(row.response.submitted_at) if row.response.submitted_at else None, row.response.due,
                _("yes") if row.response.is_late else "", row.response.reminders, row.response.reminded_on,
                row.response.note,
            ]
            for row in queries.board(self.object)
        ]  # fmt: skip
        return f"needs-survey-board-{today().isoformat()}", head, rows


class AnswersExport(Export, Page):
    """Every area of every member, with what it said in the last round."""

    action = "gap_analysis.export_answers"
    model = Survey

    def table(self) -> Any:
        head = [
            _("Administration"), _("State"), _("Area"), _("Future need"), _("Expert-weeks"), _("Kind of support"), _("When"),
            _("Experts"), _("Names"), _("Ready to host"), _("Ready to bear cost"), _("Ready to lend an expert"),
            _("Remark"), _("Request"), _("Need in the round before"), _("Expert-weeks in the round before"),
        ]  # fmt: skip
        before = queries.round_before(self.object)
        last = {}
        for response in before.responses.prefetch_related("area_answers") if before else []:
            last |= {(response.administration_id, row.area_id): row for row in response.area_answers.all()}
        rows = []
        responses = self.object.responses.select_related("administration")
        for response in responses.prefetch_related("area_answers__area", "area_answers__request"):
            for row in response.area_answers.all():
                old = last.get((response.administration_id, row.area_id))
                rows.append(
                    [
                        response.administration.name, state_of(response).label, row.area.name, row.get_need_display(),
                        row.weeks, "; ".join(str(NeedKind(k).label) for k in row.kinds if k in NeedKind.values),
                        row.get_half_display(), row.experts, row.names,
                        *(queries.as_text(value) for value in (row.hosts, row.bears_cost, row.lends)), row.note,
                        row.request.number if row.request else "", old.get_need_display() if old else "",
                        old.weeks if old else None,
                    ]
                )  # fmt: skip
        return f"needs-survey-answers-{today().isoformat()}", head, rows


class QuestionsExport(Export, Page):
    """Every answer to an open question, as it was worded."""

    action = "gap_analysis.export_answers"
    model = Survey

    def table(self) -> Any:
        head = [_("Administration"), _("State"), _("Question"), _("Kind of answer"), _("Answer")]
        responses = self.object.responses.select_related("administration")
        rows = [
            [
                response.administration.name, state_of(response).label, answer.question.text,
                answer.question.get_kind_display(), queries.as_text(answer.value).replace("\n", "; "),
            ]
            for response in responses.prefetch_related("question_answers__question")
            for answer in sorted(response.question_answers.all(), key=lambda a: a.question.order)
        ]  # fmt: skip
        return f"needs-survey-questions-{today().isoformat()}", head, rows


class SurveyNew(FormPage):
    """A new round, with the areas and questions of the last one."""

    action = "gap_analysis.add_survey"
    form_class = SurveyForm
    template_name = "gap_analysis/survey_form.html"
    success_message = gettext_lazy("The round is a draft, with the areas and questions of the last one. Look at both.")

    def initial(self) -> dict[str, Any]:
        year = plan_year_of(today()) + 1
        return {"year": year, "title": _("Needs survey %(year)s") % {"year": plan_label(year)}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(last=Survey.objects.first(), **kwargs)

    def cancel_url(self) -> str:
        return reverse("gap_analysis:surveys")

    def save(self, form: Any) -> str:
        return services.new_survey(by=self.request.user, **form.cleaned_data).get_absolute_url()


class SurveyEdit(FormPage):
    action = "gap_analysis.edit_survey"
    model = Survey
    form_class = SurveyForm
    template_name = "gap_analysis/survey_form.html"
    success_message = gettext_lazy("The round is changed.")

    def initial(self) -> dict[str, Any]:
        survey = self.object
        values = {name: getattr(survey, name) for name in ("title", "year", "due", "text")}
        return {**values, "areas": [area.pk for area in survey.areas.all()]}

    def form_kwargs(self) -> dict[str, Any]:
        return {"survey": self.object, "is_draft": in_reach(self.object, SURVEY.transition("open"))}

    def save(self, form: Any) -> str:
        services.edit_survey(self.object, by=self.request.user, version=self.version, **form.cleaned_data)
        return self.object.get_absolute_url()


class SurveyDo(TransitionPage):
    action = "gap_analysis.see_survey"
    model = Survey


# Questions


class QuestionsPage(Page):
    """The questions of a round in their order."""

    action = "gap_analysis.edit_survey"
    model = Survey
    template_name = "gap_analysis/survey_questions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        questions = list(self.object.questions.all())
        return super().get_context_data(
            asked=[question for question in questions if question.retired_at is None],
            retired=[question for question in questions if question.retired_at is not None],
            is_over=in_reach(self.object, SURVEY.transition("reopen")),
            **kwargs,
        )


class QuestionAdd(FormPage):
    action = "gap_analysis.edit_survey"
    model = Survey
    form_class = QuestionForm
    template_name = "gap_analysis/survey_question.html"

    def cancel_url(self) -> str:
        return reverse("gap_analysis:questions", args=[self.object.pk])

    def save(self, form: Any) -> str:
        services.add_question(self.object, by=self.request.user, **form.cleaned_data)
        return self.cancel_url()


class OfQuestion(FormPage):
    """A question of a round that the person may see."""

    action = "gap_analysis.edit_survey"

    def rows(self) -> Any:
        return Question.objects.filter(survey__in=Survey.objects.visible_to(self.request.user)).select_related("survey")

    def cancel_url(self) -> str:
        return reverse("gap_analysis:questions", args=[self.object.survey_id])


class QuestionEdit(OfQuestion):
    form_class = QuestionForm
    template_name = "gap_analysis/survey_question.html"

    def initial(self) -> dict[str, Any]:
        values = {name: getattr(self.object, name) for name in ("text", "help", "kind", "required")}
        return {**values, "choices": "\n".join(self.object.choices)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(answers=self.object.answers.exclude(value=None).count(), **kwargs)

    def save(self, form: Any) -> str:
        services.edit_question(self.object, by=self.request.user, **form.cleaned_data)
        return self.cancel_url()


class QuestionDrop(OfQuestion):
    form_class = PlainForm
    template_name = "gap_analysis/survey_question_drop.html"

    def save(self, form: Any) -> str:
        services.drop_question(self.object, by=self.request.user)
        return self.cancel_url()


class QuestionMove(OfQuestion):
    """One place up or down; a button of the list."""

    form_class = PlainForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(self.cancel_url())

    def save(self, form: Any) -> str:
        if self.kwargs["way"] not in {"up", "down"}:
            raise Http404
        services.move_question(self.object, by=self.request.user, up=self.kwargs["way"] == "up")
        return self.cancel_url()


class PreviewPage(Page):
    """The round as members will fill it in; nothing typed here is kept."""

    action = "gap_analysis.edit_survey"
    model = Survey
    template_name = "gap_analysis/survey_preview.html"

    def rows(self) -> Any:
        return super().rows().prefetch_related("areas", "questions")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = AnswersForm(survey=self.object, stored={})
        fields = dict(form.in_areas())
        return super().get_context_data(
            form=form,
            areas=[
                {"line": queries.AreaLine(area, None, None), "fields": fields[area.pk], "is_open": number == 0}
                for number, area in enumerate(self.object.areas.all())
            ],
            questions=[
                {"line": queries.QuestionLine(question, "", ""), "field": form[queries.question_field(question.pk)]}
                for question in queries.asked_now(self.object)
            ],
            **kwargs,
        )


# Reminders


class Remind(FormPage):
    """Once more to those who are silent, by name, asked before it is done."""

    action = "gap_analysis.remind"
    model = Survey
    form_class = RemindForm
    template_name = "gap_analysis/survey_remind.html"

    @cached_property
    def waiting(self) -> list[Response]:
        if not in_reach(self.object, SURVEY.transition("close")):
            return []
        return [
            row.response for row in queries.board(self.object) if in_reach(row.response, RESPONSE.transition("submit"))
        ]

    def form_kwargs(self) -> dict[str, Any]:
        return {"waiting": self.waiting}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(waiting=self.waiting, **kwargs)

    def save(self, form: Any) -> str:
        chosen = [row for row in self.waiting if str(row.pk) in form.cleaned_data["members"]]
        number = services.remind(self.object, by=self.request.user, responses=chosen)
        messages.success(self.request, _("A reminder goes to %(n)d members.") % {"n": number})
        return self.object.get_absolute_url()


# Sums


class SumsPage(Page):
    """A round in sum, beside the round before; built by a worker."""

    action = "gap_analysis.see_sums"
    model = Survey
    template_name = "gap_analysis/survey_sums.html"

    @cached_property
    def summary(self) -> Any:
        return queries.latest_summary(self.object)

    @cached_property
    def before(self) -> Any:
        survey = queries.round_before(self.object)
        return queries.latest_summary(survey) if survey else None

    def lines(self) -> list[Any]:
        if self.summary is None:
            return []
        old = self.before.figures if self.before else None
        return queries.sum_lines(self.summary.figures, old, is_office=self.request.user.is_office)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_office = self.request.user.is_office
        return super().get_context_data(
            summary=self.summary,
            lines=self.lines(),
            levels=[level.label for level in NeedLevel] if is_office else [],
            questions=self.summary.figures["questions"] if self.summary and is_office else [],
            before=self.before.survey if self.before else None,
            is_office=is_office,
            **kwargs,
        )


class SumsExport(Export, SumsPage):
    def table(self) -> Any:
        is_office = self.request.user.is_office
        head = [_("Area"), _("Members that answered"), _("Members with a need"), _("Expert-weeks"), _("Own experts")]
        head += [str(level.label) for level in NeedLevel] if is_office else []
        head += [_("Members with a need, round before"), _("Expert-weeks, round before")]
        rows = [
            [
                line.name, line.answered, line.wanting, line.weeks, line.experts, *(n for _level, n in line.needs),
                line.wanting_before, line.weeks_before,
            ]
            for line in self.lines()
        ]  # fmt: skip
        return f"needs-survey-sums-{today().isoformat()}", head, rows


class Summarise(FormPage):
    """Have the sums built anew; a button of their page."""

    action = "gap_analysis.summarise"
    model = Survey
    form_class = PlainForm
    success_message = gettext_lazy("The sums are being built. They appear here in a moment.")

    def sums_url(self) -> str:
        return reverse("gap_analysis:survey-sums", args=[self.object.pk])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(self.sums_url())

    def save(self, form: Any) -> str:
        services.ask_for_summary(self.object)
        return self.sums_url()
