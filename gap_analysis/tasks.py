from contextlib import suppress
from typing import Any

from celery import shared_task

from core.errors import TransitionRefused
from gap_analysis import services


@shared_task(name="gap_analysis.nightly")
def nightly(**_kwargs: Any) -> None:
    """Ask for today's snapshot; one that is being built already will do."""
    with suppress(TransitionRefused):
        services.start_build(by=None)
