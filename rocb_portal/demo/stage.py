"""Runs many stories at once, every step at its own time and all steps in the order of time."""

import datetime as dt
import heapq
from collections.abc import Iterable, Iterator

from rocb_portal.demo import clock
from rocb_portal.demo.rows import moment, weekday

Story = Iterator[int]


def play(stories: Iterable[Story], *, day: dt.date) -> None:
    """A story yields how many days before `day` its next step happens, and does it when it is called again. At least one day ago:
    a step of today could lie ahead of the present hour."""
    waiting: list[tuple[dt.datetime, int, Story]] = []
    for number, story in enumerate(stories):
        _queue(waiting, number, story, day, None)
    while waiting:
        at, number, story = heapq.heappop(waiting)
        with clock.at(at):
            _queue(waiting, number, story, day, at)


def _queue(
    waiting: list[tuple[dt.datetime, int, Story]], number: int, story: Story, day: dt.date, last: dt.datetime | None
) -> None:
    ago = next(story, None)
    if ago is None:
        return
    if ago < 1:
        raise ValueError(f"Story {number} would act {ago} days ago.")
    at = moment(weekday(day - dt.timedelta(days=ago)), minutes=number * 23 % 240)
    if last and at <= last:
        at = last + dt.timedelta(minutes=20)
    heapq.heappush(waiting, (at, number, story))
