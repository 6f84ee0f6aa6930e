"""Opportunities, and the notices of them with proof of who was told when (§5.1, §5.3)."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Base, OutboxJob, Stateful
from experts.models import AccreditationWorkshop, Area, Expert
from members.models import Administration
from support.enums import Audience, OpportunityKind, OpportunityState


class OpportunityQuerySet(models.QuerySet["Opportunity"]):
    def visible_to(self, user: Any) -> "OpportunityQuerySet":
        """The offices all (drafts are ROCB's); others what they were told of: the region's members, the experts named."""
        if not user.is_authenticated:
            return self.none()
        if user.is_rocb:
            return self
        sent = ~Q(state=OpportunityState.DRAFT)
        if user.is_office:
            return self.filter(sent)
        told = Notice.objects.filter(Q(administration__in=user.administration_ids()) | Q(expert__user=user))
        return self.filter(sent & Q(pk__in=told.values("opportunity_id")))


class Opportunity(Base, Stateful):
    """Something open to the region or to experts: a new accreditation concept, a decided mechanism, a workshop, a meeting."""

    kind = models.CharField(_("kind"), max_length=10, choices=OpportunityKind)
    title = models.CharField(_("title"), max_length=160)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="opportunities", verbose_name=_("area")
    )
    workshop = models.ForeignKey(
        AccreditationWorkshop,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="opportunities",
        verbose_name=_("workshop"),
    )
    reference = models.UUIDField(null=True, blank=True, editable=False)  # the proposal it came from, asked nothing back
    decided_on = models.DateField(_("decided by the WCO on"), null=True, blank=True)
    first_day = models.DateField(_("first day"), null=True, blank=True)
    deadline = models.DateField(_("sign up by"), null=True, blank=True)
    url = models.URLField(_("link"), blank=True)
    region_text = models.TextField(_("what the region reads"), blank=True)
    experts_text = models.TextField(_("what the experts read"), blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    told_at = models.DateTimeField(_("told"), null=True, blank=True)

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OpportunityState.values), name="opportunity_state_known")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("support:opportunity", args=[self.pk])

    @property
    def inbox_words(self) -> dict[str, str]:
        return {"title": self.title}


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: Any) -> "NoticeQuerySet":
        """The offices all; an administration its own and those about its people; an expert the own."""
        if not user.is_authenticated:
            return self.none()
        if user.is_office:
            return self
        homes = user.administration_ids()
        return self.filter(Q(administration__in=homes) | Q(expert__user=user) | Q(expert__administration__in=homes))


class Notice(Base):
    """One who was told: by which e-mail, when it left, when it was seen (opened here or by its own link), or why it did not arrive."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="notices")
    audience = models.CharField(_("as"), max_length=10, choices=Audience)
    administration = models.ForeignKey(
        Administration, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name=_("administration")
    )
    expert = models.ForeignKey(
        Expert, models.CASCADE, null=True, blank=True, related_name="notices", verbose_name=_("expert")
    )
    job = models.ForeignKey(OutboxJob, models.SET_NULL, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(_("left"), null=True, blank=True)
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)
    failed_at = models.DateTimeField(_("not deliverable"), null=True, blank=True)
    failed_note = models.CharField(_("why not"), max_length=300, blank=True)
    signed_up_at = models.DateTimeField(_("signed up"), null=True, blank=True)
    declined_at = models.DateTimeField(_("not interested"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["opportunity", "administration"], condition=Q(expert__isnull=True), name="one_notice_per_member"
            ),
            models.UniqueConstraint(
                fields=["opportunity", "expert"], condition=Q(expert__isnull=False), name="one_notice_per_expert"
            ),
            models.CheckConstraint(
                condition=Q(administration__isnull=False) | Q(expert__isnull=False), name="notice_is_to_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity}: {self.expert or self.administration}"

    @property
    def history_parent_id(self) -> uuid.UUID:
        return self.opportunity_id
