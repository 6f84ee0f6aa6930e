"""The one ledger of days of service (§3.2)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.models import Base, Versioned
from experts.enums import Role, ServiceSource, ServiceState
from experts.models.people import Expert


class ServicePeriodQuerySet(models.QuerySet["ServicePeriod"]):
    def alive(self) -> "ServicePeriodQuerySet":
        return self.exclude(state=ServiceState.RELEASED)

    def visible_to(self, user: Any) -> "ServicePeriodQuerySet":
        """The ledger: the offices all, an administration that of its own people, an expert the own one."""
        if not user.is_authenticated:
            return self.none()
        if user.is_office:
            return self
        return self.filter(Q(expert__user=user) | Q(expert__administration__in=user.administration_ids()))


class ServicePeriod(Base, Versioned):
    """One line of the one ledger of days: reserved or used, with its place, role, source, and whether it counts and why.

    `reference` names the invitation that wrote it; the ledger never asks back. Both ends are counted (§3.2).
    """

    expert = models.ForeignKey(Expert, models.CASCADE, related_name="service_periods", verbose_name=_("expert"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    state = models.CharField(_("state"), max_length=10, choices=ServiceState)
    place = models.CharField(_("place"), max_length=160)
    title = models.CharField(_("what for"), max_length=200, blank=True)
    role = models.PositiveSmallIntegerField(_("role"), choices=Role, default=Role.MISSION)
    under_scheme = models.BooleanField(_("under the WCO/ROCB scheme"), default=True)
    counts = models.BooleanField(_("counts against the cap"), default=True)
    counts_reason = models.CharField(_("why it counts or not"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=ServiceSource)
    source_note = models.CharField(_("where this is known from"), max_length=200, blank=True)
    reference = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    history = HistoricalRecords()

    objects = ServicePeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("period of service")
        verbose_name_plural = _("ledger of days")
        ordering = ["-first_day"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="service_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(state__in=ServiceState.values), name="service_state_known"),
            models.CheckConstraint(
                condition=Q(source=ServiceSource.MISSION, reference__isnull=False)
                | Q(source=ServiceSource.RECORDED, reference__isnull=True),
                name="service_of_a_mission_has_its_reference",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.expert}: {self.first_day} – {self.last_day} {self.place}"

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1
