from typing import Any

from celery import shared_task

from experts import services


@shared_task(name="experts.ask_profiles")
def ask_profiles(**_kwargs: Any) -> int:
    return services.ask_to_confirm_profiles()
