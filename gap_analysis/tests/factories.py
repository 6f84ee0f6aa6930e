"""Rounds of the survey at any point of their way, taken there by the real services."""

import datetime as dt
from typing import Any

from core.clock import today
from core.workflow import act
from experts.tests.factories import area
from gap_analysis import services
from gap_analysis.models import Response, Survey
from gap_analysis.queries import area_field
from members.models import User
from members.tests.factories import administration, rocb
from missions.services import plan_year_of


def drafted(by: User | None = None, *, codes: tuple[str, ...] = ("AEO", "PCA", "NII"), **fields: Any) -> Survey:
    fields = {"title": "Needs survey", "year": plan_year_of(today()), "due": today() + dt.timedelta(days=30), **fields}
    return services.new_survey(by=by or rocb(), areas=[area(code) for code in codes], **fields)


def opened(by: User | None = None, **fields: Any) -> Survey:
    by = by or rocb()
    return act(drafted(by, **fields), "open", by=by)


def response_of(survey: Survey, code: str) -> Response:
    return survey.responses.select_related("survey", "administration").get(administration=administration(code))


def filled(response: Response, by: User, code: str = "AEO", **answers: Any) -> Response:
    """Answers about one area, kept and not sent."""
    values = {area_field(area(code).pk, name): value for name, value in (answers or {"need": "high"}).items()}
    clashes = services.save_answers(response, by=by, values=values, was={})
    assert clashes == {}
    return Response.objects.select_related("survey", "administration").get(pk=response.pk)


def sent(response: Response, by: User, code: str = "AEO", **answers: Any) -> Response:
    return services.submit_response(filled(response, by, code, **answers), by=by)


def closed(survey: Survey, by: User) -> Survey:
    return act(survey, "close", by=by)
