"""Acting in the past: the real services are used, with the present set to the day on which it would have happened."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Within this block `moment` is the present, for stamps, numbers, policy and guards alike."""
    real = timezone.now
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = real
