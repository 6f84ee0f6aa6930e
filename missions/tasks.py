from typing import Any

from celery import shared_task

from missions import services


@shared_task(name="missions.remind")
def remind(**_kwargs: Any) -> int:
    return services.remind_letters()
