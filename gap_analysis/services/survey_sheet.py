"""Answers to the survey from a sheet, on behalf of members: compared with what is there, decided row by row (§5.2)."""

import uuid
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enums import RowVerdict
from core.imports import Applying, Importer, Staging, change, invalid, says
from core.models import ImportRow
from core.sheets import Column, RowRefused, SheetRow, folded
from core.workflow import in_reach
from experts.models import Area
from gap_analysis.enums import Half, NeedKind, NeedLevel
from gap_analysis.models import AreaAnswer, Response, Survey
from gap_analysis.queries import as_text
from gap_analysis.workflow import RESPONSE, SURVEY

COLUMNS = (
    Column("administration", gettext_lazy("administration"), ("member", "member administration"), required=True),
    Column("area", gettext_lazy("area"), ("area of expertise", "field"), required=True),
    Column("need", gettext_lazy("future need"), ("need level",)),
    Column("weeks", gettext_lazy("expert-weeks"), ("expert weeks", "weeks wanted")),
    Column("kinds", gettext_lazy("kind of support"), ("kind", "support")),
    Column("half", gettext_lazy("when"), ("period",)),
    Column("experts", gettext_lazy("experts"), ("experts you have", "own experts", "number of experts")),
    Column("names", gettext_lazy("names"), ("their names",)),
    Column("hosts", gettext_lazy("ready to host"), ("host",)),
    Column("bears_cost", gettext_lazy("ready to bear cost"), ("cost", "bears cost")),
    Column("lends", gettext_lazy("ready to lend an expert"), ("lend", "lends")),
    Column("note", gettext_lazy("remark"), ("note", "comment")),
)
LABELS = {column.name: column.label for column in COLUMNS}
TRUTHS = {"yes": True, "y": True, "1": True, "true": True, "no": False, "n": False, "0": False, "false": False}
TEXTS = {"names": 2000, "note": 1000}


class _Known:
    """The open round with its areas and members, by the words that a sheet may use."""

    def __init__(self) -> None:
        self.survey = Survey.objects.filter(state__in=SURVEY.transition("close").sources).first()
        self.areas: dict[str, Area] = {}
        self.responses: dict[str, Response] = {}
        self.answers: dict[tuple[uuid.UUID, uuid.UUID], AreaAnswer] = {}
        if self.survey is None:
            return
        for area in self.survey.areas.all():
            for word in (area.code, area.name, *area.synonyms):
                self.areas.setdefault(folded(word), area)
        for response in self.survey.responses.select_related("administration"):
            member = response.administration
            for word in (member.code, member.name, member.organisation):
                self.responses.setdefault(folded(word), response)
        for answer in AreaAnswer.objects.filter(response__survey=self.survey):
            self.answers[answer.response_id, answer.area_id] = answer

    def place(self, row: SheetRow) -> tuple[Response, Area]:
        if self.survey is None:
            raise RowRefused("", _("No round of the survey is open."))
        response = self.responses.get(folded(row["administration"]))
        if response is None:
            raise RowRefused("administration", _("No member of this name is asked in the open round."))
        if not in_reach(response, RESPONSE.transition("write")):
            raise RowRefused("administration", _("This member has sent its answers, or is left out of the round."))
        area = self.areas.get(folded(row["area"]))
        if area is None:
            raise RowRefused("area", _("The open round does not ask about this area."))
        return response, area


def stage(staging: Staging) -> Iterator[ImportRow]:
    """New answers, answers that are there already, and those that say something else; an empty cell says nothing."""
    known = _Known()
    seen: set[tuple[uuid.UUID, uuid.UUID]] = set()
    for row in staging.rows:
        try:
            response, area = known.place(row)
            facts = _facts(row)
        except RowRefused as refused:
            yield invalid(row, refused.column, refused.reason)
            continue
        if (response.pk, area.pk) in seen:
            yield invalid(row, "area", _("The same area of the same member stands in another row."))
            continue
        seen.add((response.pk, area.pk))
        answer = known.answers.get((response.pk, area.pk))
        data: dict[str, Any] = {"says": says(row), "facts": facts, "response": str(response.pk), "area": str(area.pk)}
        data["seen"] = [["gap_analysis.response", str(response.pk), response.version]]
        made = ImportRow(
            sheet=row.sheet[:40],
            number=row.number,
            label=f"{response.administration}: {area}",
            key=f"{response.pk}|{area.pk}",
            data=data,
            object_id=response.pk,
        )
        if answer is None:
            made.verdict, made.take = RowVerdict.NEW, True
        else:
            data["seen"].append(["gap_analysis.areaanswer", str(answer.pk), answer.version])
            made.changes = [
                # What a member has typed is not replaced unless somebody says so.
                change(name, LABELS[name], last="", portal=stored, sheet=as_text(value), take=not stored)
                for name, value in facts.items()
                if as_text(value) != (stored := as_text(getattr(answer, name)))
            ]
            made.verdict = RowVerdict.CHANGED if made.changes else RowVerdict.UNCHANGED
            made.take = any(one["take"] for one in made.changes)
        yield made


def _facts(row: SheetRow) -> dict[str, Any]:
    """What the row answers, as JSON keeps it; only cells that say something."""
    facts: dict[str, Any] = {}
    if row["need"]:
        facts["need"] = _choice(row, "need", NeedLevel.choices)
    if row["half"]:
        facts["half"] = _choice(row, "half", Half.choices)
    if row["kinds"]:
        wanted = [part.strip() for part in row["kinds"].replace(";", ",").split(",") if part.strip()]
        facts["kinds"] = [_one(row, "kinds", part, NeedKind.choices) for part in wanted]
    if row["weeks"]:
        facts["weeks"] = _number(row, "weeks", places=1)
    if row["experts"]:
        facts["experts"] = int(_number(row, "experts", places=0))
    for name in ("hosts", "bears_cost", "lends"):
        if row[name]:
            facts[name] = _truth(row, name)
    row.keeps_within(TEXTS)
    facts |= {name: row[name] for name in TEXTS if row[name]}
    if not facts:
        raise RowRefused("need", _("Nothing is answered in this row."))
    return facts


def _choice(row: SheetRow, name: str, choices: Any) -> str:
    return _one(row, name, row[name], choices)


def _one(row: SheetRow, name: str, text: str, choices: Any) -> str:
    words = {folded(word): value for value, label in choices for word in (value, str(label))}
    if folded(text) not in words:
        allowed = ", ".join(str(label) for _value, label in choices)
        raise RowRefused(name, _("“%(text)s” is none of these: %(all)s.") % {"text": text[:40], "all": allowed})
    return str(words[folded(text)])


def _number(row: SheetRow, name: str, *, places: int) -> float:
    try:
        number = Decimal(row[name].replace(",", "."))
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or number < 0 or number > 999 or number != round(number, places):
        raise RowRefused(name, _("“%(text)s” is no number that fits here.") % {"text": row[name][:40]})
    return float(number)


def _truth(row: SheetRow, name: str) -> bool:
    text = row[name].casefold()
    if text not in TRUTHS:
        raise RowRefused(name, _("“%(text)s” is neither yes nor no.") % {"text": row[name][:40]})
    return TRUTHS[text]


def apply(applying: Applying) -> None:
    """The answers are kept as if ROCB had typed them; they are not sent: that is done from the page of the member."""
    known, write = _Known(), applying.write
    by_key = {response.pk: response for response in known.responses.values()}
    touched: dict[uuid.UUID, int] = {}
    for row in applying.rows:
        if not row.take:
            continue
        response = by_key.get(uuid.UUID(row.data["response"]))
        if response is None or not in_reach(response, RESPONSE.transition("write")):
            applying.stop(row, _("These answers have been sent meanwhile, or the round is closed."))
            continue
        area, facts = uuid.UUID(row.data["area"]), dict(row.data["facts"])
        if "weeks" in facts:
            facts["weeks"] = Decimal(str(facts["weeks"]))
        answer = known.answers.get((response.pk, area))
        if answer is None:
            write.create(row, AreaAnswer(response=response, area_id=area, version=1, **facts))
        elif row.verdict == RowVerdict.NEW:
            applying.stop(row, _("This area has been answered meanwhile."))
            continue
        else:
            wanted = {one["field"] for one in row.changes if one["take"]}
            write.change(row, answer, **{name: value for name, value in facts.items() if name in wanted})
        touched[response.pk] = touched.get(response.pk, 0) + 1
    for key, number in touched.items():
        write.log(by_key[key], "wrote", _("Answers from a sheet: %(n)d areas") % {"n": number})


IMPORTER = Importer(
    kind="survey-answers",
    title=gettext_lazy("Answers to the needs survey"),
    lead=gettext_lazy(
        "On behalf of members, into the open round: a row for each area of a member. What stands there already is kept unless "
        "you say so."
    ),
    action="gap_analysis.import_answers",
    columns=COLUMNS,
    models=(Response, AreaAnswer),
    stage=stage,
    apply=apply,
)
