"""What keeps the mirror of ACE right: corrections asked for, records merged, pairs that are no duplicates (§2.2(1), IV)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.models import Base, Stateful
from experts.enums import CorrectionField, CorrectionState
from experts.models.people import Accreditation, Expert


class CorrectionRequestQuerySet(models.QuerySet["CorrectionRequest"]):
    def visible_to(self, user: Any) -> "CorrectionRequestQuerySet":
        """The offices all; the home administration its people's; the person the own."""
        if not user.is_authenticated:
            return self.none()
        if user.is_office:
            return self
        return self.filter(Q(expert__user=user) | Q(expert__administration__in=user.administration_ids()))

    def with_people(self) -> "CorrectionRequestQuerySet":
        return self.select_related(
            "expert__administration", "accreditation__area", "accreditation__category", "raised_by"
        )


class CorrectionRequest(Base, Stateful):
    """A fact of ACE that is wrong: asked for here, agreed by the member, corrected in ACE by the Secretariat (IV)."""

    expert = models.ForeignKey(Expert, models.CASCADE, related_name="corrections", verbose_name=_("expert"))
    accreditation = models.ForeignKey(
        Accreditation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("accreditation"),
    )
    field = models.CharField(_("what is wrong"), max_length=40)
    says = models.CharField(_("ACE says"), max_length=200, blank=True)
    should_say = models.CharField(_("it should say"), max_length=200)
    reason = models.TextField(_("how this is known"))
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(_("agreed by the member"), null=True, blank=True)
    sent_at = models.DateTimeField(_("passed to the Secretariat"), null=True, blank=True)
    done_at = models.DateTimeField(_("corrected in ACE"), null=True, blank=True)
    answer_note = models.TextField(_("answer"), blank=True)
    history = HistoricalRecords()

    objects = CorrectionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction of ACE")
        verbose_name_plural = _("corrections of ACE")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CorrectionState.values), name="correction_state_known")
        ]

    def __str__(self) -> str:
        return f"{self.expert}: {self.what}"

    def get_absolute_url(self) -> str:
        return reverse("experts:correction", args=[self.pk])

    @property
    def what(self) -> str:
        """The wrong fact in words."""
        named = str(dict(CorrectionField.choices).get(self.field, self.field))
        row = self.accreditation
        return f"{named} ({row.area or row.category})" if row else named

    @property
    def history_parent_id(self) -> Any:
        return self.expert_id

    @property
    def inbox_words(self) -> dict[str, str]:
        return {"name": str(self.expert), "administration": str(self.expert.administration), "what": self.what}


class NotDuplicate(Base):
    """Two records that look alike and are two people: looked at and remembered. `first` has the smaller key."""

    first = models.ForeignKey(Expert, models.CASCADE, related_name="+")
    second = models.ForeignKey(Expert, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("pair that is no duplicate")
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="one_row_per_pair")]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"


class MergedRecord(Base):
    """A record that became part of another: what it said, and where its old address leads now."""

    kept = models.ForeignKey(Expert, models.CASCADE, related_name="merged_records")
    old_id = models.UUIDField(_("old key"), unique=True)
    said = models.JSONField(_("what the record said"), default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("merged record")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.old_id} → {self.kept}"
