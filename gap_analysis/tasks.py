from contextlib import suppress
from typing import Any

from celery import shared_task

from core.errors import TransitionRefused
from gap_analysis import services
from gap_analysis.enums import SurveyState
from gap_analysis.models import Survey


@shared_task(name="gap_analysis.nightly")
def nightly(**_kwargs: Any) -> None:
    """Ask for today's snapshot; one that is being built already will do."""
    with suppress(TransitionRefused):
        services.start_build(by=None)


@shared_task(name="gap_analysis.remind")
def remind(**_kwargs: Any) -> int:
    """Write to members whose answers to the survey are due; how many it was."""
    return services.remind_due()


@shared_task(name="gap_analysis.summarise")
def summarise(*, survey_id: str | None = None, **_kwargs: Any) -> int:
    """Add up one round, or every round that is open; how many it was."""
    surveys = Survey.objects.filter(pk=survey_id) if survey_id else Survey.objects.filter(state=SurveyState.OPEN)
    return len([services.summarise(survey) for survey in surveys])
