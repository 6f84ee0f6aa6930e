"""The path to accreditation: nominees of a workshop, their outcome, and the field mission they owe (§1.1, T2 note 2, T3)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from candidates.enums import Assessment, NomineeState
from core.models import Base, Stateful, Versioned
from experts.models import Accreditation, AccreditationWorkshop, Expert


class WorkshopNomineeQuerySet(models.QuerySet["WorkshopNominee"]):
    def visible_to(self, user: Any) -> "WorkshopNomineeQuerySet":
        """The offices all; an administration its own people; the person the own one."""
        if not user.is_authenticated:
            return self.none()
        if user.is_office:
            return self
        return self.filter(Q(expert__user=user) | Q(expert__administration__in=user.administration_ids()))


class WorkshopNominee(Base, Stateful):
    """Somebody put forward for an accreditation workshop by the home administration; not the same as a listed candidate (pitfall
    P9)."""

    workshop = models.ForeignKey(
        AccreditationWorkshop, models.PROTECT, related_name="nominees", verbose_name=_("workshop")
    )
    expert = models.ForeignKey(Expert, models.CASCADE, related_name="workshop_nominations", verbose_name=_("person"))
    put_forward_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.TextField(_("why this person"), blank=True)
    outcome_note = models.TextField(_("remark on the outcome"), blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    accreditation = models.ForeignKey(
        Accreditation, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("accreditation")
    )
    history = HistoricalRecords()

    objects = WorkshopNomineeQuerySet.as_manager()

    class Meta:
        verbose_name = _("workshop nominee")
        ordering = ["expert__family_name", "expert__given_name"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "expert"], name="one_line_per_workshop_and_person"),
            models.CheckConstraint(condition=Q(state__in=NomineeState.values), name="nominee_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.expert}: {self.workshop}"

    def get_absolute_url(self) -> str:
        return reverse("candidates:workshop", args=[self.workshop_id])

    @property
    def page_key(self) -> Any:
        """Outcomes are entered for the whole cohort, on the workshop's page."""
        return self.workshop_id

    @property
    def history_parent_id(self) -> Any:
        return self.expert_id

    @property
    def inbox_words(self) -> dict[str, str]:
        return {"name": str(self.expert), "workshop": str(self.workshop)}


class FieldMissionQuerySet(models.QuerySet["FieldMission"]):
    def visible_to(self, user: Any) -> "FieldMissionQuerySet":
        """The offices all; an administration its own people; the person the own one."""
        if not user.is_authenticated:
            return self.none()
        if user.is_office:
            return self
        person = "accreditation__expert__"
        return self.filter(
            Q(**{f"{person}user": user}) | Q(**{f"{person}administration__in": user.administration_ids()})
        )


class FieldMission(Base, Versioned):
    """The field mission that follows a first step, with the expert who assessed it and the word on it.

    `reference` names the invitation it was done on, if it was a mission of this portal.
    """

    accreditation = models.ForeignKey(
        Accreditation, models.CASCADE, related_name="field_missions", verbose_name=_("accreditation")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    place = models.CharField(_("place"), max_length=160)
    reference = models.UUIDField(null=True, blank=True, editable=False)
    assessor = models.ForeignKey(
        Expert, models.SET_NULL, null=True, blank=True, related_name="assessed_missions", verbose_name=_("assessor")
    )
    assessor_name = models.CharField(_("assessor, if not known here"), max_length=160, blank=True)
    assessment = models.CharField(_("assessment"), max_length=12, choices=Assessment, blank=True)
    note = models.TextField(_("note"), blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    history = HistoricalRecords()

    objects = FieldMissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("field mission")
        ordering = ["-first_day"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="field_mission_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return f"{self.accreditation}: {self.place} {self.first_day}"
