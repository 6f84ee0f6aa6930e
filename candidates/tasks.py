from typing import Any

from celery import shared_task

from candidates import services


@shared_task(name="candidates.keep_fresh")
def keep_fresh(**_kwargs: Any) -> int:
    """Ask about lines that are a year old, and end those that nobody has confirmed; how many it was."""
    return services.lapse_listings() + services.remind_listings()
