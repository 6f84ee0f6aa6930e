"""The three or four figures that matter to a party, each a link to its rows."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from candidates.models import Listing
from centres.models import Centre
from centres.queries import focus_on
from core.clock import today
from experts import ledger
from experts.models import Expert
from experts.queries import IN_TABLE, accreditations_on, pool_table
from members.enums import Party
from members.models import Administration
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
    missions = Figure(running.count(), _("missions running"), f"{reverse('missions:missions')}?state=open")
    if party in Party.offices():
        table = pool_table(today())
        return [
            missions,
            Figure(
                overdue_reports(user).count(), _("reports overdue"), f"{reverse('missions:reports')}?stands=overdue"
            ),
            Figure(table.fully_accredited, _("full accreditations"), reverse("experts:pool")),
            Figure(Listing.objects.open(today()).count(), _("candidate listings"), reverse("candidates:listings")),
        ]
    if party == Party.ADMINISTRATION:
        own = user.administration_ids()
        requests = CapacityRequest.objects.visible_to(user).filter(state__in=REQUEST.values(final=False))
        return [
            missions,
            Figure(requests.count(), _("requests open"), f"{reverse('missions:requests')}?state=open"),
            *(_people_of(home) for home in Administration.objects.filter(pk__in=own)),
        ]
    if party == Party.CENTRE:
        hosts = user.administration_ids(Party.CENTRE)
        return [
            Figure(
                focus_on(today()).filter(centre=centre).count(),
                _("areas that %(centre)s develops") % {"centre": centre},
                centre.get_absolute_url(),
            )
            for centre in Centre.objects.filter(administration__in=hosts, is_active=True).select_related(
                "administration"
            )
        ]
    if party == Party.EXPERT:
        return [missions, *(_days_left(expert) for expert in Expert.objects.filter(user=user).with_ledger())]
    return []


def _people_of(home: Administration) -> Figure:
    in_table = accreditations_on(today()).filter(stage__in=IN_TABLE, expert__administration=home)
    return Figure(
        in_table.order_by().values("expert").distinct().count(),
        _("people of %(home)s in the pool") % {"home": home},
        f"{reverse('experts:experts')}?stage=pool&administration={home.code}",
    )


def _days_left(expert: Expert) -> Figure:
    return Figure(ledger.position(expert).left, _("days left under the cap"), reverse("experts:cap", args=[expert.pk]))
