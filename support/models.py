"""Opportunities, and the notices of them with proof of who was told when (§5.1, §5.3)."""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.clock import day_of, today
from core.models import Base, OutboxJob, Stateful
from experts.models import AccreditationWorkshop, Area, Expert
from members.models import Administration
from support.enums import Audience, OpportunityKind, OpportunityState, Standing


class OpportunityQuerySet(models.QuerySet["Opportunity"]):
    def visible_to(self, user: Any) -> "OpportunityQuerySet":
        """The offices all (drafts are ROCB's); others what they were told of, in their own name or in copy for their people."""
        if not user.is_authenticated:
            return self.none()
        if user.is_rocb:
            return self
        sent = ~Q(state=OpportunityState.DRAFT)
        if user.is_office:
            return self.filter(sent)
        return self.filter(sent & Q(pk__in=Notice.objects.visible_to(user).values("opportunity_id")))


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

    @property
    def is_over(self) -> bool:
        """Whether the day to sign up by has passed; a late answer is still taken until ROCB closes it."""
        return self.deadline is not None and self.deadline < today()

    @property
    def told_after(self) -> int | None:
        """Days from the WCO's decision until those concerned were told (§5.3: in time)."""
        if self.decided_on is None or self.told_at is None:
            return None
        return (day_of(self.told_at) - self.decided_on).days

    @property
    def waits(self) -> int | None:
        """Days since the WCO's decision while nobody is told."""
        if self.decided_on is None or self.told_at is not None:
            return None
        return (today() - self.decided_on).days


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: Any) -> "NoticeQuerySet":
        """The offices all; an administration its own and those about its people; an expert the own."""
        if not user.is_authenticated:
            return self.none()
        if user.is_office:
            return self
        homes = user.administration_ids()
        return self.filter(Q(administration__in=homes) | Q(expert__user=user) | Q(expert__administration__in=homes))

    def own_of(self, user: Any) -> "NoticeQuerySet":
        """Those that are for this person to answer: as the person told, or for the administration told."""
        mine = Q(administration__in=user.administration_ids(), expert__isnull=True) | Q(expert__user=user)
        return self.filter(mine)

    def unanswered(self) -> "NoticeQuerySet":
        return self.filter(signed_up_at__isnull=True, declined_at__isnull=True)

    def unseen(self) -> "NoticeQuerySet":
        """Told by an e-mail that left, and neither opened nor answered since."""
        left = Q(sent_at__isnull=False) | Q(job__message__sent_at__isnull=False)
        return self.unanswered().filter(left, seen_at__isnull=True, failed_at__isnull=True)

    def with_people(self) -> "NoticeQuerySet":
        return self.select_related("administration", "expert__administration", "expert__user", "job__message")


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
        return f"{self.opportunity}: {self.reader}"

    def get_absolute_url(self) -> str:
        return self.opportunity.get_absolute_url()

    @property
    def reader(self) -> Expert | Administration | None:
        return self.expert or self.administration

    @property
    def left_at(self) -> dt.datetime | None:
        """When the e-mail left; the message on record says it too, should the worker have died in between."""
        message = getattr(self.job, "message", None)
        return self.sent_at or (message.sent_at if message else None)

    @property
    def told_after(self) -> int | None:
        """Days from the WCO's decision until this e-mail left."""
        decided, left = self.opportunity.decided_on, self.left_at
        return (day_of(left) - decided).days if decided and left else None

    @property
    def is_answered(self) -> bool:
        return bool(self.signed_up_at or self.declined_at)

    @property
    def answer_words(self) -> str:
        if not self.is_answered:
            return str(_("no answer yet"))
        return str((Standing.SIGNED_UP if self.signed_up_at else Standing.DECLINED).label)

    @property
    def standing(self) -> Standing:
        """The furthest that is known: an answer says more than having seen it, that more than an e-mail."""
        if self.signed_up_at:
            return Standing.SIGNED_UP
        if self.declined_at:
            return Standing.DECLINED
        if self.seen_at:
            return Standing.SEEN
        if self.failed_at:
            return Standing.FAILED
        return Standing.UNSEEN if self.left_at else Standing.ON_ITS_WAY

    @property
    def history_parent_id(self) -> uuid.UUID:
        return self.opportunity_id
