"""Calls for nominations in chosen areas, to all members or some, with who answered (§2.2(2), §5.3)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from candidates.enums import CallAnswer, CallState
from core.models import Base, Stateful
from experts.models import Area
from members.enums import Party
from members.models import Administration


class CallQuerySet(models.QuerySet["Call"]):
    def visible_to(self, user: Any) -> "CallQuerySet":
        """The offices all (what was never sent is ROCB's); an administration, and a centre through its host, those it was sent."""
        if not user.is_authenticated:
            return self.none()
        sent = Q(sent_at__isnull=False)
        asked = user.administration_ids() | user.administration_ids(Party.CENTRE)
        if user.is_rocb:
            return self
        if user.is_office:
            return self.filter(sent)
        return self.filter(sent & Q(pk__in=CalledMember.objects.filter(administration__in=asked).values("call_id")))


class Call(Base, Stateful):
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("what members read"))
    areas = models.ManyToManyField(Area, related_name="calls", verbose_name=_("areas"))
    deadline = models.DateField(_("answers wished by"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call for nominations")
        verbose_name_plural = _("calls for nominations")
        ordering = ["-created_at"]
        constraints = [models.CheckConstraint(condition=Q(state__in=CallState.values), name="call_state_known")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("candidates:call", args=[self.pk])

    @property
    def inbox_words(self) -> dict[str, str]:
        return {"title": self.title}


class CalledMemberQuerySet(models.QuerySet["CalledMember"]):
    def visible_to(self, user: Any) -> "CalledMemberQuerySet":
        """The offices all of the calls they see; an administration its own line once the call is sent."""
        rows = self.filter(call__in=Call.objects.visible_to(user))
        return (
            rows
            if user.is_authenticated and user.is_office
            else rows.filter(administration__in=user.administration_ids() if user.is_authenticated else [])
        )


class CalledMember(Base):
    """One administration a call was sent to, and what it answered."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="members")
    administration = models.ForeignKey(
        Administration, models.PROTECT, related_name="+", verbose_name=_("administration")
    )
    answer = models.CharField(_("answer"), max_length=12, choices=CallAnswer, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = CalledMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member called")
        ordering = ["administration__name"]
        constraints = [models.UniqueConstraint(fields=["call", "administration"], name="one_line_per_member_called")]

    def __str__(self) -> str:
        return f"{self.call}: {self.administration}"

    def get_absolute_url(self) -> str:
        return self.call.get_absolute_url()
