from typing import Any

from celery import shared_task

from core import outbox


@shared_task(name="core.deliver")
def deliver(*, job_id: str, **_kwargs: Any) -> None:
    outbox.deliver(job_id)


@shared_task(name="core.sweep")
def sweep(**_kwargs: Any) -> int:
    return outbox.sweep()
