"""The three or four figures that matter to a party, each a link to its rows."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from candidates.models import Listing
from core.clock import today
from experts import ledger
from experts.models import Expert
from experts.queries import pool_table
from members.enums import Party
from missions.models import CapacityRequest, Mission
from missions.queries import overdue_reports
from missions.workflow import MISSION, REQUEST


@dataclass(frozen=True, slots=True)
class Figure:
    value: int
    label: str
    url: str


def for_party(user: Any, party: str) -> list[Figure]:
    """A fixed number of queries a party."""
    running = Mission.objects.visible_to(user).filter(state__in=MISSION.values(final=False))
    missions = Figure(running.count(), _("missions running"), reverse("missions:missions"))
    if party in Party.offices():
        table = pool_table(today())
        return [
            missions,
            Figure(overdue_reports(user).count(), _("reports overdue"), reverse("missions:reports")),
            Figure(table.fully_accredited, _("full accreditations"), reverse("experts:pool")),
            Figure(Listing.objects.open(today()).count(), _("candidate listings"), reverse("candidates:listings")),
        ]
    if party == Party.ADMINISTRATION:
        own = user.administration_ids()
        requests = CapacityRequest.objects.visible_to(user).filter(state__in=REQUEST.values(final=False))
        people = Expert.objects.visible_to(user).in_pool().active(today()).filter(administration__in=own).distinct()
        return [
            missions,
            Figure(requests.count(), _("requests open"), reverse("missions:requests")),
            Figure(people.count(), _("own experts in the pool"), reverse("experts:experts")),
        ]
    if party == Party.EXPERT:
        return [missions, *(_days_left(expert) for expert in Expert.objects.filter(user=user).with_ledger())]
    return []


def _days_left(expert: Expert) -> Figure:
    return Figure(ledger.position(expert).left, _("days left under the cap"), reverse("experts:cap", args=[expert.pk]))
