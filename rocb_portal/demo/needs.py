"""Needs and gaps of the fictional region: three rounds of the survey, two complete and one running; five published snapshots."""

import datetime as dt
import random
from typing import Any

from django.db.models import F

from core.clock import day_of
from core.models import LogEntry
from core.workflow import act
from experts.models import Area
from gap_analysis import services
from gap_analysis.enums import Half, NeedKind, NeedLevel, QuestionKind, ResponseState
from gap_analysis.models import AreaAnswer, GapSnapshot, Question, QuestionAnswer, Response, Survey
from missions.models import plan_label
from missions.services import plan_year_of
from rocb_portal.demo import clock
from rocb_portal.demo.people import Cast
from rocb_portal.demo.rows import keep, moment, weekday

SEED = 52
TEXT = (
    "Dear colleagues, once a year ROCB asks what expertise you have and what you will need. The answers go into the gap analysis "
    "that is shared with the WCO Secretariat. Please leave an area empty if you cannot tell: it is then read as unknown."
)
# How much the region wants: of ten members that answer, so many state a need in the first, second and third round.
WANTED = {
    "AEO": (5, 6, 8), "PCA": (4, 5, 6), "IPR": (3, 3, 4), "VAL": (4, 4, 3), "HS": (3, 3, 3), "ROO": (2, 2, 3), "RKC": (2, 1, 1),
    "DM": (2, 3, 3), "RM": (4, 4, 5), "SW": (2, 4, 5), "ECOM": (1, 3, 5), "DA": (1, 2, 4), "HRM": (2, 2, 2), "INT": (3, 2, 2),
    "STRAT": (2, 2, 2), "TRS": (2, 2, 1), "CBM": (1, 2, 2), "AR": (1, 2, 2), "LAB": (1, 1, 2), "DRUG": (2, 2, 2),
}  # fmt: skip
# Asked about, and hardly anybody answers: what nobody tells stays unknown.
SILENT = ("NII", "K9", "ENV", "FZ", "TRAN", "STCE", "ICT", "PITCH", "COPES")
STRONG = {"JP", "AU", "NZ", "KR", "CN", "HK", "SG", "MY", "IN", "TH"}
QUESTIONS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (QuestionKind.SHORT, "Which single topic matters most to you next year?", "", ()),
    (QuestionKind.LONG, "What has changed in your administration since the last round?", "A few lines are enough.", ()),
    (QuestionKind.NUMBER, "How many officers were trained abroad in the last twelve months?", "", ()),
    (QuestionKind.DATE, "When does your next reform plan begin?", "", ()),
    (QuestionKind.ONE, "Who decides on requests for support?", "", ("the head", "the reform office", "each division")),
    (QuestionKind.SEVERAL, "In which ways can your officers take part?", "", ("on site", "in the region", "remotely")),
    (QuestionKind.SCALE, "How useful was regional support to you last year?", "1 not at all, 5 very.", ()),
)  # fmt: skip
TOPICS = ("AEO validation", "audit of large traders", "low-value parcels", "data analytics", "origin verification")
CHANGES = (
    "A new programme office was set up, and its staff is young.",
    "The reform plan was approved; the budget follows next year.",
    "Two experienced officers have retired and their knowledge with them.",
    "The single window went live at the main port.",
)
NOTES = (
    "For the officers of the new unit.",
    "A first diagnosis would help to shape the training.",
    "Together with neighbours if that is possible.",
    "",
    "",
)
# Days ago, and what ROCB wrote beside it.
SNAPSHOTS = (
    (1465, "The first count after the printed table. Requests of members are few yet."),
    (1100, "Two people who retired are missing in the technical areas."),
    (735, "AEO is asked for by more members each year; the first step alone does not fill it."),
    (340, "The last survey is counted in. Please look at PCA and IPR."),
    (
        12,
        "For the next regional meeting: the running survey is not complete, so what is unknown may still become a need.",
    ),
)
EXCUSED = "No staff for it this year; asked by telephone to be left out."


def make_survey_rounds(cast: Cast) -> None:
    """Rounds about the last, the present and the next plan year; in the running one Fiji has begun and Malaysia not yet."""
    draw = random.Random(SEED)
    year = plan_year_of(cast.day)
    for number, (opened, due, closed) in enumerate(((770, 735, 720), (405, 370, 355), (33, -5, 0))):
        survey = _opened(cast, year - 1 + number, opened, due)
        _answer(cast, survey, number, draw, opened=opened, due=due, is_running=not closed)
        with clock.at(moment(weekday(cast.day - dt.timedelta(days=closed or 1)), 200)):
            if closed:
                act(survey, "close", by=cast.rocb[0])
            services.summarise(survey)


def make_snapshots(cast: Cast) -> None:
    """Five snapshots over the years, each built by the service on its day and published two days later."""
    for ago, note in SNAPSHOTS:
        day = weekday(cast.day - dt.timedelta(days=ago))
        with clock.at(moment(day, 240)):
            snapshot = services.build(services.start_build(by=cast.rocb[0], as_of=day))
        with clock.at(moment(weekday(day + dt.timedelta(days=2)), 260)):
            services.publish(snapshot, note=note, by=cast.rocb[0])
    # The column takes the real time by itself.
    for snapshot in GapSnapshot.objects.filter(built_at__lt=F("created_at")):
        GapSnapshot.objects.filter(pk=snapshot.pk).update(created_at=snapshot.built_at)


def _opened(cast: Cast, year: int, opened: int, due: int) -> Survey:
    staff = cast.rocb[0]
    with clock.at(moment(weekday(cast.day - dt.timedelta(days=opened + 9)))):
        codes = [*WANTED, *SILENT]
        survey = services.new_survey(
            by=staff,
            title=f"Needs survey {plan_label(year)}",
            year=year,
            due=weekday(cast.day - dt.timedelta(days=due)),
            text=TEXT,
            areas=list(Area.objects.filter(code__in=codes)),
        )
        if not survey.questions.exists():
            for kind, text, help_text, choices in QUESTIONS:
                services.add_question(
                    survey, by=staff, kind=kind, text=text, help=help_text, choices=list(choices),
                    required=kind == QuestionKind.SHORT,
                )  # fmt: skip
    with clock.at(moment(weekday(cast.day - dt.timedelta(days=opened)))):
        return act(survey, "open", by=staff)


def _answer(
    cast: Cast, survey: Survey, number: int, draw: random.Random, *, opened: int, due: int, is_running: bool
) -> None:
    """What members told, written as it would have come about; each round has a few that stay silent and one left out."""
    areas, questions = list(survey.areas.all()), list(survey.questions.all())
    rows: list[Any] = []
    sent, lines = [], []
    responses = list(survey.responses.select_related("administration"))
    for place, response in enumerate(responses):
        code = response.administration.code
        answers, told = _told(response, areas, questions, number, draw)
        if _is_silent(code, place, number, is_running=is_running):
            if code == "FJ" or (is_running and place % 3 == 0 and code != "MY"):
                rows += answers[:6]
            elif place % 11 == 5 and code != "MY":
                _excuse(response, cast, opened)
            continue
        rows += answers + told
        ago = max(1, draw.randrange(1, opened) if is_running else draw.randrange(due - 9, opened - 4))
        at = moment(weekday(cast.day - dt.timedelta(days=ago)), draw.randrange(300))
        response.state, response.submitted_at, response.state_since = ResponseState.SUBMITTED, at, at
        response.version += 1
        sent.append(response)
        lines.append(_line(response, cast, at))
    keep(rows)
    Response.objects.bulk_update(sent, ["state", "submitted_at", "state_since", "version"])
    keep(lines)
    if is_running:
        _remind(cast, survey)


def _is_silent(code: str, place: int, number: int, *, is_running: bool) -> bool:
    if is_running:
        return code in {"FJ", "MY"} or place % 5 in {0, 2}
    return place % 11 == 5 + number and code not in {"FJ", "JP", "MY"}


def _told(
    response: Response, areas: list[Area], questions: list[Question], number: int, draw: random.Random
) -> tuple[list[AreaAnswer], list[QuestionAnswer]]:
    is_strong = response.administration.code in STRONG
    made = response.created_at
    answers = []
    for area in areas:
        chance = WANTED.get(area.code, (0, 0, 0))[number] / 10 * (0.5 if is_strong else 1.25)
        dice, knows = draw.random(), draw.random()
        if area.code in SILENT or knows > 0.85:
            continue
        answer = AreaAnswer(response=response, area=area, version=1, created_at=made)
        answer.experts = draw.choice((1, 2, 2, 3, 5)) if is_strong else draw.choice((None, 0, 0, 1))
        if dice < chance:
            answer.need = str(draw.choice((NeedLevel.LOW, NeedLevel.MEDIUM, NeedLevel.MEDIUM, NeedLevel.HIGH)))
            answer.weeks = draw.choice((1, 2, 2, 3, None))
            answer.kinds = [str(kind) for kind in sorted(draw.sample(list(NeedKind), draw.choice((1, 1, 2))))]
            answer.half = str(draw.choice(list(Half)))
            answer.hosts, answer.bears_cost = draw.random() < 0.4, draw.choice((True, False, None))
            answer.note = draw.choice(NOTES)
        else:
            answer.need = str(NeedLevel.UNKNOWN if dice > 0.93 else NeedLevel.NONE)
            answer.lends = True if is_strong and draw.random() < 0.3 else None
        answers.append(answer)
    told = [
        QuestionAnswer(response=response, question=question, value=value, version=1, created_at=made)
        for question in questions
        if (value := _value(question, response, draw)) is not None
    ]
    return answers, told


def _value(question: Question, response: Response, draw: random.Random) -> Any:
    values = {
        QuestionKind.SHORT: draw.choice(TOPICS),
        QuestionKind.LONG: draw.choice((*CHANGES, None)),
        QuestionKind.NUMBER: float(draw.choice((3, 5, 8, 12, 20))),
        QuestionKind.DATE: dt.date(response.survey.year + draw.choice((0, 1)), draw.choice((1, 4, 7)), 1).isoformat(),
        QuestionKind.ONE: draw.choice(question.choices or [""]),
        QuestionKind.SEVERAL: sorted(draw.sample(question.choices, 2)) if len(question.choices) > 1 else None,
        QuestionKind.SCALE: str(draw.choice((3, 4, 4, 5))),
    }
    return values[QuestionKind(question.kind)]


def _line(response: Response, cast: Cast, at: dt.datetime) -> LogEntry:
    user = cast.focal[response.administration.code]
    return LogEntry(
        kind=response._meta.label_lower, object_id=response.pk, name="submit", title="Answers sent to ROCB", by=user,
        actor=str(user), party="member", from_state=ResponseState.OPEN, to_state=ResponseState.SUBMITTED, at=at, created_at=at,
    )  # fmt: skip


def _excuse(response: Response, cast: Cast, opened: int) -> None:
    with clock.at(moment(weekday(cast.day - dt.timedelta(days=opened - 20)))):
        act(response, "excuse", by=cast.rocb[0], note=EXCUSED)


def _remind(cast: Cast, survey: Survey) -> None:
    """The first reminder has gone out; one member asked for more time, one was telephoned."""
    reminder = weekday(survey.due - dt.timedelta(days=7))
    with clock.at(moment(min(reminder, weekday(cast.day - dt.timedelta(days=1))), 60)):
        waiting = list(survey.responses.filter(state=ResponseState.OPEN).select_related("survey", "administration"))
        for response in waiting:
            services.remind(survey, by=None, responses=[response])
        graced, called = waiting[0], waiting[1]
        until = day_of(survey.opened_at) + dt.timedelta(days=60)  # type: ignore[arg-type]
        act(graced, "give_grace", by=cast.rocb[0], grace_until=until, note="A cyclone; three more weeks.")
        act(called, "note_call", by=cast.rocb[0], note="Spoke to the deputy focal point: it is being filled in.")
