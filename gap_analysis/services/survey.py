"""The needs survey: rounds and their questions, answers kept as they are typed, reminders, sums, requests that follow (§5.2)."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core import history, outbox
from core.clock import begin_of, today
from core.dated_policy import policy
from core.errors import InvalidAnswers, SomebodyWasFaster, TransitionRefused
from core.locks import lock_row
from core.models import LogEntry
from core.workflow import blocked, in_reach, perform, start
from experts.models import Area
from gap_analysis.enums import NeedKind, NeedLevel
from gap_analysis.models import AreaAnswer, Question, QuestionAnswer, Response, Survey, SurveySummary
from gap_analysis.queries import AREA_FIELDS, area_field, as_text, due_reminder, figures_of, question_field
from gap_analysis.workflow import RESPONSE, SURVEY
from members.models import Administration
from missions.enums import BearsCost, Mode, RequestOrigin, RequestState
from missions.models import CapacityRequest
from missions.services import draft_request

# Rounds


@transaction.atomic
def new_survey(
    *, by: Any, title: str, year: int, due: dt.date, text: str = "", areas: Iterable[Area] | None = None
) -> Survey:
    """A round as a draft. Areas, text and questions are those of the last round; of the first one, every active area."""
    last = Survey.objects.exclude(year__gt=year).first()
    survey: Survey = start(
        Survey(
            title=title, year=year, due=due, text=text or (last.text if last else ""), copied_from=last, created_by=by
        ),
        by=by,
        title=_("Draft begun"),
    )
    if areas is None:
        areas = last.areas.filter(is_active=True) if last else Area.objects.active()
    survey.areas.set(areas)
    asked = last.questions.filter(retired_at__isnull=True) if last else []
    for old in asked:
        Question.objects.create(
            survey=survey, order=old.order, text=old.text, help=old.help, kind=old.kind, choices=old.choices,
            required=old.required, replaces=old,
        )  # fmt: skip
    return survey


@transaction.atomic
def edit_survey(survey: Survey, *, by: Any, version: int, areas: Iterable[Area] | None = None, **fields: Any) -> Survey:
    """ROCB corrects a round. Once it is open, only its title, its words and its day: what is asked about stays."""
    fresh = lock_row(survey)
    if fresh.version != version:
        raise SomebodyWasFaster
    is_draft = in_reach(fresh, SURVEY.transition("open"))
    if not is_draft and not in_reach(fresh, SURVEY.transition("close")):
        raise TransitionRefused(_("This round is closed."))
    if not is_draft:
        fields.pop("year", None)
    for name, value in fields.items():
        setattr(fresh, name, value)
    fresh.version += 1
    fresh.save(update_fields=[*fields, "version"])
    if is_draft and areas is not None:
        fresh.areas.set(areas)
    history.record(fresh, "edit", _("Round changed"), by=by, answers=fields)
    return fresh


@transaction.atomic
def open_survey(survey: Survey, *, by: Any, **answers: Any) -> Survey:
    """Every active member is asked: one response each, an e-mail to its focal points, a place in its inbox."""
    opened = perform(survey, "open", by=by, **answers)
    for administration in Administration.objects.active():
        start(Response(survey=opened, administration=administration), by=by, title=_("Asked"))
    return opened


@transaction.atomic
def reopen_survey(survey: Survey, *, by: Any, **answers: Any) -> Survey:
    return perform(survey, "reopen", by=by, closed_at=None, **answers)


SURVEY_ACTIONS: dict[str, Callable[..., Any]] = {"open": open_survey, "reopen": reopen_survey}


# Questions


def _writable(survey: Survey) -> Survey:
    fresh = lock_row(survey)
    if not any(in_reach(fresh, SURVEY.transition(name)) for name in ("open", "close")):
        raise TransitionRefused(_("This round is closed; what was asked stays as it was."))
    return fresh


@transaction.atomic
def add_question(survey: Survey, *, by: Any, **fields: Any) -> Question:
    """A question at the end of the round's."""
    fresh = _writable(survey)
    last = fresh.questions.aggregate(last=Max("order"))["last"] or 0
    question = Question.objects.create(survey=fresh, order=last + 1, **_checked(fields))
    history.record(fresh, "question", _("Question added"), by=by, note=question.text)
    return question


@transaction.atomic
def edit_question(question: Question, *, by: Any, **fields: Any) -> Question:
    """A new wording. Once somebody has answered, it is a new question in the old one's place, and the answers stay with theirs."""
    survey = _writable(question.survey)
    fresh = lock_row(question)
    if fresh.retired_at is not None:
        raise SomebodyWasFaster
    values = _checked(fields)
    if fresh.answers.exclude(value=None).exists():
        fresh.retired_at = timezone.now()
        fresh.save(update_fields=["retired_at"])
        fresh = Question.objects.create(survey=survey, order=fresh.order, replaces=fresh, **values)
        history.record(survey, "question", _("Question in a new wording"), by=by, note=fresh.text)
        return fresh
    for name, value in values.items():
        setattr(fresh, name, value)
    fresh.save(update_fields=list(values))
    history.record(survey, "question", _("Question changed"), by=by, note=fresh.text)
    return fresh


@transaction.atomic
def drop_question(question: Question, *, by: Any) -> None:
    """It is asked no more; with answers it stays to be read."""
    survey = _writable(question.survey)
    fresh = lock_row(question)
    history.record(survey, "question", _("Question taken out"), by=by, note=fresh.text)
    if fresh.answers.exists():
        fresh.retired_at = fresh.retired_at or timezone.now()
        fresh.save(update_fields=["retired_at"])
    else:
        fresh.delete()


@transaction.atomic
def move_question(question: Question, *, by: Any, up: bool) -> None:
    """One place up or down among the questions that are asked."""
    survey = _writable(question.survey)
    asked = list(survey.questions.filter(retired_at__isnull=True))
    place = next((n for n, one in enumerate(asked) if one.pk == question.pk), None)
    if place is None:
        raise SomebodyWasFaster
    other = max(0, place - 1) if up else min(len(asked) - 1, place + 1)
    asked.insert(other, asked.pop(place))
    for number, one in enumerate(asked, 1):
        one.order = number
    Question.objects.bulk_update(asked, ["order"])
    history.record(survey, "question", _("Question moved"), by=by, note=question.text)


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    kind, choices = fields["kind"], fields.get("choices") or []
    if kind in {"one", "several"} and len(choices) < 2:
        raise InvalidAnswers({"choices": _("Please give at least two choices, a line each.")})
    return {**fields, "choices": choices if kind in {"one", "several"} else []}


# Answers


@transaction.atomic
def save_answers(response: Response, *, by: Any, values: Mapping[str, Any], was: Mapping[str, str]) -> dict[str, str]:
    """Keep answers by the names of their fields; several colleagues may be at it.

    `was` says what stood there when the writer began: what somebody else has changed meanwhile is not overwritten, and is
    returned as it now stands. The same answer given twice is no collision. Who has written on which day is a line of the history.
    """
    fresh = lock_row(response)
    write = RESPONSE.transition("write")
    if not in_reach(fresh, write):
        raise TransitionRefused(_("These answers have been sent. Open them again to change them."))
    if reason := blocked(fresh, write):
        raise TransitionRefused(reason)
    rows = _rows_for(fresh, values)
    clashes: dict[str, str] = {}
    changed: set[Any] = set()
    for name, value in values.items():
        row, attribute = rows[name]
        stored, wanted = as_text(getattr(row, attribute)), as_text(value)
        if stored == wanted:
            continue
        if stored != was.get(name, ""):
            clashes[name] = stored
            continue
        setattr(row, attribute, value)
        changed.add(row)
    for row in changed:
        row.version += 1
        row.save()
    if changed:
        _trace(fresh, by)
    return clashes


def _rows_for(response: Response, names: Iterable[str]) -> dict[str, tuple[Any, str]]:
    """For each field the row it is kept in and its attribute; InvalidAnswers for what this round does not ask."""
    areas = {row.area_id: row for row in response.area_answers.all()}
    answers = {row.question_id: row for row in response.question_answers.all()}
    known: dict[str, tuple[Any, str]] = {}
    for area in response.survey.areas.all():
        row = areas.get(area.pk) or AreaAnswer(response=response, area=area)
        known |= {area_field(area.pk, name): (row, name) for name in AREA_FIELDS}
    for question in response.survey.questions.filter(retired_at__isnull=True):
        answer = answers.get(question.pk) or QuestionAnswer(response=response, question=question)
        known[question_field(question.pk)] = (answer, "value")
    if strange := [name for name in names if name not in known]:
        raise InvalidAnswers({strange[0]: _("This is not asked any more. Please open the page again.")})
    return known


def _trace(response: Response, by: Any) -> None:
    today_begins = begin_of(today())
    if not LogEntry.objects.filter(object_id=response.pk, name="wrote", by=by, at__gte=today_begins).exists():
        own = response.administration_id in by.administration_ids()
        history.record(response, "wrote", _("Answers written"), by=by, on_behalf_of="" if own else "member")


def submit_response(response: Response, *, by: Any) -> Response:
    return perform(response, "submit", by=by)


@transaction.atomic
def note_call(response: Response, *, by: Any, note: str) -> Response:
    return _noted(perform(response, "note_call", by=by, note=note), note)


@transaction.atomic
def give_grace(response: Response, *, by: Any, grace_until: dt.date, note: str = "") -> Response:
    if grace_until < today():
        raise InvalidAnswers({"grace_until": _("This day has passed.")})
    return _noted(perform(response, "give_grace", by=by, grace_until=grace_until, note=note), note)


@transaction.atomic
def excuse(response: Response, *, by: Any, note: str) -> Response:
    return _noted(perform(response, "excuse", by=by, note=note), note)


def _noted(response: Response, note: str) -> Response:
    """The board shows the last note."""
    if note.strip():
        response.note = note.strip()
        response.save(update_fields=["note"])
    return response


RESPONSE_ACTIONS: dict[str, Callable[..., Any]] = {"note_call": note_call, "give_grace": give_grace, "excuse": excuse}


# Reminders


@transaction.atomic
def remind(survey: Survey, *, by: Any, responses: Iterable[Response]) -> int:
    """Write once more to members that have not answered, by name. Returns to how many."""
    fresh = lock_row(survey)
    if not in_reach(fresh, SURVEY.transition("close")):
        raise TransitionRefused(_("This round is not open; nobody is asked."))
    waiting = [one for one in responses if one.survey_id == fresh.pk and in_reach(one, RESPONSE.transition("submit"))]
    if not waiting:
        raise TransitionRefused(_("Everybody has answered."))
    for response in waiting:
        _remind(response, by=by)
    return len(waiting)


def _remind(response: Response, *, by: Any) -> None:
    response.reminders += 1
    response.reminded_on = today()
    response.save(update_fields=["reminders", "reminded_on"])
    entry = history.record(response, "reminded", _("Reminder sent"), by=by)
    outbox.enqueue("survey_reminder", about=response, object_id=response.pk, entry_id=entry.pk)


@transaction.atomic
def remind_due() -> int:
    """Every night: members that are silent, seven days before, on the day and seven days after (policy rows). How many it was.

    A step is reminded once; of several that have come since the last time, the last one counts.
    """
    steps = policy("survey.reminder_days")
    # A round is open while it can be closed; a response while it can be sent.
    waiting = Response.objects.filter(
        survey__state__in=SURVEY.transition("close").sources, state__in=RESPONSE.transition("submit").sources
    ).select_related("survey", "administration")
    due = [response for response in waiting if due_reminder(response, steps, today())]
    for response in due:
        _remind(response, by=None)
    return len(due)


# Sums


@transaction.atomic
def summarise(survey: Survey) -> SurveySummary:
    """Add up what was sent. Built again with nothing new, the last summary stands."""
    figures = figures_of(survey)
    last = survey.summaries.first()
    if last is not None and last.figures == figures:
        return last
    return SurveySummary.objects.create(survey=survey, built_at=timezone.now(), figures=figures)


def ask_for_summary(survey: Survey) -> None:
    outbox.enqueue("survey_summary", about=survey, object_id=survey.pk)


# A need becomes a request


@transaction.atomic
def request_from(answer: AreaAnswer, *, by: Any) -> CapacityRequest:
    """Draft the request that a stated need calls for, once; the member completes and sends it (§3.4 step 1).

    A request that was withdrawn leaves room for another. The need and its request are one demand.
    """
    fresh = lock_row(answer)
    response = fresh.response
    if fresh.request is not None and fresh.request.state != RequestState.WITHDRAWN:
        return fresh.request
    if in_reach(response, RESPONSE.transition("write")):
        raise TransitionRefused(_("The answers have not been sent yet."))
    if fresh.need in ("", NeedLevel.NONE, NeedLevel.UNKNOWN):
        raise TransitionRefused(_("No need is stated in this area."))
    kinds = ", ".join(str(NeedKind(kind).label) for kind in fresh.kinds if kind in NeedKind.values)
    costs = {True: BearsCost.YES, False: BearsCost.NO}
    fresh.request = draft_request(
        by=by,
        beneficiary=response.administration,
        origin=RequestOrigin.SURVEY,
        area=fresh.area,
        title=(f"{fresh.area}: {kinds}" if kinds else str(fresh.area))[:160],
        objective=fresh.note,
        mode=Mode.REMOTE if fresh.kinds == [NeedKind.REMOTE] else "",
        bears_cost=str(costs[fresh.bears_cost]) if fresh.bears_cost is not None else "",
    )
    fresh.save(update_fields=["request"])
    history.record(
        response,
        "request",
        _("Request drafted: %(number)s") % {"number": fresh.request.number},
        by=by,
        note=str(fresh.area),
    )
    return fresh.request


__all__ = [
    "RESPONSE_ACTIONS", "SURVEY_ACTIONS", "add_question", "ask_for_summary", "drop_question", "edit_question", "edit_survey",
    "excuse", "give_grace", "move_question", "new_survey", "note_call", "open_survey", "remind", "remind_due",
    "reopen_survey", "request_from", "save_answers", "submit_response", "summarise",
]  # fmt: skip
