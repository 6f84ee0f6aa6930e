"""The needs survey read: what was answered, how far members have come, last year beside, sums that give nobody away (§5.2)."""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.clock import day_of, today
from core.inbox import InboxItem
from experts.models import Area
from gap_analysis.enums import NeedKind, NeedLevel, QuestionKind, ResponseState, SurveyState
from gap_analysis.models import AreaAnswer, Question, QuestionAnswer, Response, Survey, SurveySummary
from members.enums import Party

AREA_FIELDS = ("need", "weeks", "kinds", "half", "experts", "names", "hosts", "bears_cost", "lends", "note")
STATED = (NeedLevel.LOW, NeedLevel.MEDIUM, NeedLevel.HIGH)
FEW = 3  # a figure of fewer members than this is for the offices alone (design, section 8)


# One answer, by the name of its field


def area_field(area: uuid.UUID, name: str) -> str:
    return f"a_{area.hex}_{name}"


def question_field(question: uuid.UUID) -> str:
    return f"q_{question.hex}"


def as_text(value: Any) -> str:
    """An answer as the page and the browser compare it: unanswered is empty, several are lines."""
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "\n".join(str(one) for one in value)
    if isinstance(value, Decimal | float):
        return f"{Decimal(str(value)).normalize():f}"
    return str(value).replace("\r\n", "\n")


def told(response: Response) -> dict[str, str]:
    """Every answer that is there, by the name of its field."""
    found = {}
    for row in response.area_answers.all():
        for name in AREA_FIELDS:
            found[area_field(row.area_id, name)] = as_text(getattr(row, name))
    for answer in response.question_answers.all():
        found[question_field(answer.question_id)] = as_text(answer.value)
    return {name: text for name, text in found.items() if text}


# How far


@dataclass(frozen=True, slots=True)
class Progress:
    """Areas and questions answered, of all that are asked. An area is answered by a need or by how many experts there are."""

    done: int
    total: int

    @property
    def words(self) -> str:
        return _("%(done)d of %(total)d answered") % {"done": self.done, "total": self.total}


def is_answered(answer: AreaAnswer | None) -> bool:
    return answer is not None and (bool(answer.need) or answer.experts is not None)


def asked_now(survey: Survey) -> list[Question]:
    return [question for question in survey.questions.all() if question.retired_at is None]


def progress_of(response: Response) -> Progress:
    """From what is prefetched: areas of the round, questions, answers."""
    survey = response.survey
    areas = {area.pk for area in survey.areas.all()}
    asked = {question.pk for question in asked_now(survey)}
    done = sum(is_answered(row) for row in response.area_answers.all() if row.area_id in areas)
    done += sum(as_text(row.value) != "" for row in response.question_answers.all() if row.question_id in asked)
    return Progress(done, len(areas) + len(asked))


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One member of a round: how far it is, and whether it is late."""

    response: Response
    areas: int

    @property
    def stands(self) -> str:
        """answered, late (still silent), excused, begun, or silent."""
        response = self.response
        if response.state == ResponseState.SUBMITTED:
            return "answered"
        if response.state == ResponseState.EXCUSED:
            return "excused"
        if response.due < today():
            return "late"
        return "begun" if self.areas else "silent"


def board(survey: Survey) -> list[BoardRow]:
    """Every member that was asked, in two queries."""
    answered = Q(area_answers__experts__isnull=False) | Q(area_answers__need__gt="")
    rows = survey.responses.select_related("survey", "administration").annotate(
        areas=Count("area_answers", filter=answered, distinct=True)
    )
    rows = rows.order_by("administration__name")  # a count leaves the model's own order out
    return [BoardRow(row, row.areas) for row in rows]


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round in the list, with how many have answered; for a member its own answer."""

    survey: Survey
    asked: int
    answered: int
    own: list[Response]


def rounds(surveys: Iterable[Survey], own: frozenset[uuid.UUID]) -> list[RoundRow]:
    """`surveys` with responses and their administrations prefetched."""
    rows = []
    for survey in surveys:
        responses = list(survey.responses.all())
        asked = [r for r in responses if r.state != ResponseState.EXCUSED]
        mine = [r for r in responses if r.administration_id in own]
        rows.append(RoundRow(survey, len(asked), sum(r.state == ResponseState.SUBMITTED for r in asked), mine))
    return rows


# Last year


def round_before(survey: Survey) -> Survey | None:
    """The last round about an earlier year that was opened."""
    return Survey.objects.filter(year__lt=survey.year).exclude(state=SurveyState.DRAFT).first()


def response_before(response: Response) -> Response | None:
    """What the same member sent in the last round in which it answered."""
    return (
        Response.objects.filter(
            administration=response.administration_id,
            state=ResponseState.SUBMITTED,
            survey__year__lt=response.survey.year,
        )
        .select_related("survey")
        .prefetch_related("area_answers", "question_answers__question")
        .order_by("-survey__year")
        .first()
    )


def words_of(answer: AreaAnswer | None) -> str:
    """An area's answer as one line."""
    if not is_answered(answer) or answer is None:
        return ""
    parts = []
    if answer.need:
        parts.append(_("need: %(need)s") % {"need": answer.get_need_display()})
    if answer.weeks is not None:
        parts.append(
            ngettext("%(n)s week", "%(n)s weeks", 1 if answer.weeks == 1 else 2) % {"n": as_text(answer.weeks)}
        )
    if answer.kinds:
        parts.append(", ".join(str(NeedKind(kind).label) for kind in answer.kinds if kind in NeedKind.values))
    if answer.half:
        parts.append(str(answer.get_half_display()))
    if answer.experts is not None:
        parts.append(_("own experts: %(n)d") % {"n": answer.experts})
    return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class AreaLine:
    """An area of a response: the answer, the one before, and whether they differ."""

    area: Area
    answer: AreaAnswer | None
    before: AreaAnswer | None

    @property
    def is_answered(self) -> bool:
        return is_answered(self.answer)

    @property
    def words(self) -> str:
        return words_of(self.answer)

    @property
    def words_before(self) -> str:
        return words_of(self.before)

    @property
    def has_need(self) -> bool:
        return self.answer is not None and self.answer.need in STATED

    @property
    def is_changed(self) -> bool:
        return bool(self.words_before) and self.words != self.words_before


def area_lines(response: Response, before: Response | None) -> list[AreaLine]:
    now = {row.area_id: row for row in response.area_answers.all()}
    last = {row.area_id: row for row in before.area_answers.all()} if before else {}
    return [AreaLine(area, now.get(area.pk), last.get(area.pk)) for area in response.survey.areas.all()]


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question with its answer; what was answered to an earlier wording or in the last round stands beside."""

    question: Question
    text: str
    before: str


def question_lines(response: Response, before: Response | None) -> list[QuestionLine]:
    own = {row.question_id: row for row in response.question_answers.all()}
    last = {row.question_id: row for row in before.question_answers.all()} if before else {}
    replaced = {question.pk: question.replaces_id for question in response.survey.questions.all()}
    lines = []
    for question in response.survey.questions.all():
        if question.retired_at is not None and question.pk not in own:
            continue
        earlier: Any = None
        key = question.replaces_id
        while key and earlier is None:
            earlier = own.get(key) or last.get(key)
            key = replaced.get(key)
        mine = own.get(question.pk)
        lines.append(QuestionLine(question, _said(mine, question), _said(earlier, question) if earlier else ""))
    return lines


def _said(row: QuestionAnswer | None, question: Question) -> str:
    text = as_text(row.value) if row else ""
    if text and question.kind == QuestionKind.SCALE:
        return _("%(n)s of 5") % {"n": text}
    return text.replace("\n", "; ") if question.kind == QuestionKind.SEVERAL else text


# Sums


def figures_of(survey: Survey) -> dict[str, Any]:
    """What a round says in sum, from the answers that were sent; an unanswered area is counted in no level."""
    responses = list(survey.responses.select_related("survey").prefetch_related("area_answers", "question_answers"))
    sent = [response for response in responses if response.state == ResponseState.SUBMITTED]
    by_area: dict[uuid.UUID, list[AreaAnswer]] = defaultdict(list)
    by_question: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for response in sent:
        for row in response.area_answers.all():
            if is_answered(row):
                by_area[row.area_id].append(row)
        for answer in response.question_answers.all():
            if as_text(answer.value):
                by_question[answer.question_id].append(answer.value)
    return {
        "asked": sum(response.state != ResponseState.EXCUSED for response in responses),
        "excused": sum(response.state == ResponseState.EXCUSED for response in responses),
        "answered": len(sent),
        "late": sum(response.is_late for response in sent),
        "areas": [_area_figures(area, by_area[area.pk]) for area in survey.areas.all()],
        "questions": [
            _question_figures(question, by_question[question.pk])
            for question in survey.questions.all()
            if question.retired_at is None or by_question[question.pk]
        ],
    }


def _area_figures(area: Area, rows: list[AreaAnswer]) -> dict[str, Any]:
    needs = Counter(row.need for row in rows)
    weeks = [float(row.weeks) for row in rows if row.weeks is not None and row.need in STATED]
    experts = [row.experts for row in rows if row.experts is not None]
    return {
        "code": area.code,
        "name": area.name,
        "answered": len(rows),
        "needs": {str(level): needs[level] for level in NeedLevel},
        "wanting": sum(needs[level] for level in STATED),
        "weeks": round(sum(weeks), 1) if weeks else None,
        "weeks_members": len(weeks),
        "experts": sum(experts) if experts else None,
        "experts_members": len(experts),
        "kinds": dict(Counter(kind for row in rows if row.need in STATED for kind in row.kinds)),
        "hosts": sum(row.hosts is True for row in rows),
        "lends": sum(row.lends is True for row in rows),
    }


def _question_figures(question: Question, values: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"text": question.text, "kind": question.kind, "answered": len(values)}
    if question.kind in {QuestionKind.ONE, QuestionKind.SEVERAL, QuestionKind.SCALE}:
        said = Counter(str(one) for value in values for one in (value if isinstance(value, list) else [value]))
        options = [str(n) for n in range(1, 6)] if question.kind == QuestionKind.SCALE else question.choices
        found["counts"] = {option: said[option] for option in options}
    if question.kind == QuestionKind.NUMBER and values:
        found["sum"] = float(sum(Decimal(str(value)) for value in values))
    return found


def latest_summary(survey: Survey) -> SurveySummary | None:
    return survey.summaries.first()


def few(figure: Any, members: int, *, is_office: bool) -> str:
    """A figure as it may be shown: of fewer than three members to the offices alone, else “<3”."""
    if is_office:
        return "–" if figure is None else as_text(figure)
    return f"<{FEW}" if members < FEW else as_text(figure)


@dataclass(frozen=True, slots=True)
class SumLine:
    """An area in sum: this round beside the one before, every figure as the reader may see it."""

    code: str
    name: str
    answered: str
    wanting: str
    weeks: str
    experts: str
    needs: list[tuple[str, str]]
    wanting_before: str
    weeks_before: str


def sum_lines(figures: Mapping[str, Any], before: Mapping[str, Any] | None, *, is_office: bool) -> list[SumLine]:
    """For anyone but the offices only sums of three and more, and no levels, from which single answers could be told."""
    last = {row["code"]: row for row in before["areas"]} if before else {}
    lines = []
    for row in figures["areas"]:
        old = last.get(row["code"])
        lines.append(
            SumLine(
                code=row["code"],
                name=row["name"],
                answered=few(row["answered"], row["answered"], is_office=is_office),
                wanting=few(row["wanting"], row["wanting"], is_office=is_office),
                weeks=few(row["weeks"], row["weeks_members"], is_office=is_office),
                experts=few(row["experts"], row["experts_members"], is_office=is_office),
                needs=[(str(NeedLevel(level).label), str(n)) for level, n in row["needs"].items()] if is_office else [],
                wanting_before=few(old["wanting"], old["wanting"], is_office=is_office) if old else "–",
                weeks_before=few(old["weeks"], old["weeks_members"], is_office=is_office) if old else "–",
            )
        )
    return lines


# The inbox


def rounds_running(user: Any, party: str) -> Iterable[InboxItem]:
    """For ROCB: a round that runs, with how many have answered; who is silent stands on its board."""
    if party != Party.ROCB or not user.is_rocb:
        return
    counted = Survey.objects.filter(state=SurveyState.OPEN).annotate(
        asked=Count("responses", filter=~Q(responses__state=ResponseState.EXCUSED)),
        answered=Count("responses", filter=Q(responses__state=ResponseState.SUBMITTED)),
    )
    for survey in counted:
        is_over = survey.due < today()
        words = {"title": survey.title, "n": survey.answered, "of": survey.asked}
        yield InboxItem(
            sentence=_("%(title)s: %(n)d of %(of)d members have answered") % words,
            since=survey.state_since,
            due=survey.due if not is_over else None,
            url=survey.get_absolute_url(),
            button=_("Open the board"),
            mine=False,
            who=_("the members"),
            object_id=survey.pk,
        )


def due_reminder(response: Response, steps: Iterable[int], day: dt.date) -> bool:
    """Whether a step of the reminders has come since the answers were opened and since the last reminder."""
    begun = day_of(response.state_since)
    reached = [response.due + dt.timedelta(days=step) for step in steps]
    reached = [on for on in reached if begun < on <= day]
    return bool(reached) and (response.reminded_on is None or response.reminded_on < max(reached))
