"""The pool table (T2): live for any past day, beside the published one, every number with the way to its rows."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.clock import today
from core.dated_policy import policy
from core.exports import Export
from core.views import Page
from experts.charts import pool_chart
from experts.enums import PriorityKind
from experts.forms import PoolDayForm
from experts.models import AreaPriority
from experts.queries import (
    AreaPeople,
    beside_published,
    conflicting_pairs,
    days_of_note,
    people_by_area,
    pool_table,
    priorities_on,
)


@dataclass(frozen=True, slots=True)
class Need:
    """A stated need with what the pool holds for it; where information is wanted, nothing known is not zero."""

    priority: AreaPriority
    found: str
    tone: str
    url: str


def need(priority: AreaPriority, people: AreaPeople | None, day: dt.date) -> Need:
    wanted = priority.kind == PriorityKind.INFORMATION_WANTED
    url = f"{reverse('experts:experts')}?stage=pool&area={priority.area.code}&on={day.isoformat()}"
    if people is None or not people.full + people.first_step:
        found = (
            _("nobody is accredited; what the region knows is unknown, not zero")
            if wanted
            else _("nobody accredited yet")
        )
        return Need(priority, found, "info" if wanted else "warn", "")
    figures = {"full": people.full, "first": people.first_step}
    found = (
        _("%(full)d fully accredited, %(first)d first step") % figures
        if people.first_step
        else (_("%(full)d fully accredited") % figures)
    )
    return Need(priority, found, "info" if wanted else "warn", url)


class PoolPage(Page):
    """`?on=` is the day; today's table if it makes no sense."""

    action = "experts.pool"
    template_name = "experts/pool.html"

    @cached_property
    def form(self) -> PoolDayForm:
        return PoolDayForm(self.request.GET if "on" in self.request.GET else {"on": today()})

    @cached_property
    def day(self) -> dt.date:
        return (self.form.is_valid() and self.form.cleaned_data["on"]) or today()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        table = pool_table(self.day)
        people = people_by_area(self.day)
        by_area = {row.area.pk: row for row in people}
        return super().get_context_data(
            form=self.form,
            day=self.day,
            on=self.day.isoformat(),
            is_today=self.day == today(),
            table=table,
            beside=beside_published(table),
            days=days_of_note(today()),
            chart=pool_chart(
                people, floor=policy("pool.floor", self.day), comfort=policy("pool.comfort", self.day), day=self.day
            ),
            needs=[need(p, by_area.get(p.area_id), self.day) for p in priorities_on(self.day)],
            conflicts=conflicting_pairs(),
            **kwargs,
        )


class PoolExport(Export, PoolPage):
    """The live table of the day, in codes and words; people and pending entries are named apart, below the total."""

    def table(self) -> Any:
        table = pool_table(self.day)
        rows: list[tuple[Any, ...]] = [
            (r.category.code, r.area.code if r.area else "", r.label, r.fully_accredited, r.first_step, r.total)
            for r in table.rows
        ]
        rows += [
            ("", "", "Total of accreditations", table.fully_accredited, table.first_step, table.total),
            ("", "", "Distinct people", "", "", table.distinct_people),
            ("", "", "Accredited, ACE entry pending (in no column)", "", "", table.entry_pending),
        ]
        head = ("Category", "Area", "Row", "Fully accredited", "First step", "Total")
        return f"pool-{self.day.isoformat()}", head, rows
