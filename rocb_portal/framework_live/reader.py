"""Who reads the page and on which day, with what several figures share: it is read once."""

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from candidates.models import Listing
from experts.models import AreaPriority
from experts.queries import AreaPeople, PoolTable, people_by_area, pool_table, priorities_on
from gap_analysis.models import GapRow, GapSnapshot, Survey


@dataclass(frozen=True)
class Reader:
    user: Any
    day: dt.date

    @cached_property
    def table(self) -> PoolTable:
        return pool_table(self.day)

    @cached_property
    def areas(self) -> list[AreaPeople]:
        """The areas with their accredited people."""
        return people_by_area(self.day)

    @cached_property
    def priorities(self) -> list[AreaPriority]:
        return list(priorities_on(self.day))

    @cached_property
    def listed(self) -> Counter[uuid.UUID]:
        """The lines of the candidate list that the reader sees, by area."""
        return Counter(Listing.objects.visible_to(self.user).open(self.day).order_by().values_list("area", flat=True))

    @cached_property
    def gaps(self) -> list[GapRow]:
        """The areas of the newest snapshot that the reader sees, the most urgent first."""
        newest = GapSnapshot.objects.good().visible_to(self.user).values("pk")[:1]
        rows = GapRow.objects.filter(snapshot__in=newest).select_related("snapshot", "area")
        return list(rows.defer("people", "demands"))

    @cached_property
    def last_round(self) -> Survey | None:
        return Survey.objects.visible_to(self.user).exclude(opened_at=None).first()
