"""The proposal to the WCO for an accreditation workshop, where appropriate (§5.3, pitfall P45)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from candidates.models import Call
from centres.models import Centre
from core.clock import day_of, today
from core.models import Base, Stateful, StoredFile
from experts.models import AccreditationWorkshop, Area, Category
from gap_analysis.enums import ProposalState
from gap_analysis.models.snapshots import GapSnapshot


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: Any) -> "ProposalQuerySet":
        """ROCB all; the Secretariat what was once sent, also if it was withdrawn afterwards."""
        if not user.is_authenticated or not user.is_office:
            return self.none()
        return self if user.is_rocb else self.filter(sent_at__isnull=False)


class Proposal(Base, Stateful):
    """Composed from the evidence of a snapshot, edited by ROCB, sent as it then stands, decided by the Secretariat."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=160)
    area = models.ForeignKey(Area, models.PROTECT, related_name="proposals", verbose_name=_("area"))
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    snapshot = models.ForeignKey(
        GapSnapshot, models.PROTECT, null=True, blank=True, related_name="proposals", verbose_name=_("snapshot")
    )
    call = models.ForeignKey(
        Call, models.SET_NULL, null=True, blank=True, related_name="proposals", verbose_name=_("call for nominations")
    )
    evidence = models.JSONField(_("evidence"), default=dict)
    background = models.TextField(_("background"), blank=True)
    need = models.TextField(_("the gap and its evidence"), blank=True)
    tried = models.TextField(_("what was tried with members"), blank=True)
    objective = models.TextField(_("objective"), blank=True)
    participants = models.TextField(_("participants"), blank=True)
    content = models.TextField(_("content and method"), blank=True)
    host = models.ForeignKey(
        Centre, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("host, if a centre")
    )
    month = models.DateField(_("month wished"), null=True, blank=True)
    cost_note = models.TextField(_("cost and who bears it"), blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision_note = models.TextField(_("the Secretariat's words"), blank=True)
    deferred_until = models.DateField(_("to be looked at again on"), null=True, blank=True)
    answer_read_at = models.DateTimeField(_("answer read by ROCB"), null=True, blank=True)
    workshop = models.ForeignKey(
        AccreditationWorkshop, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("workshop")
    )
    document = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    editable = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    history = HistoricalRecords()

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal for a workshop")
        verbose_name_plural = _("proposals for workshops")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="proposal_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=[ProposalState.DRAFT, ProposalState.WITHDRAWN]) | Q(sent_at__isnull=False),
                name="sent_proposal_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("gap_analysis:proposal", args=[self.pk])

    @property
    def inbox_words(self) -> dict[str, str]:
        state = str(ProposalState(self.state).label)
        return {"number": self.number, "title": self.title, "area": str(self.area), "state": state}

    @property
    def days(self) -> int | None:
        """How long it was or has been with the Secretariat; nothing before it is sent."""
        if self.sent_at is None:
            return None
        is_over = self.state in {ProposalState.ACCEPTED, ProposalState.DECLINED, ProposalState.WITHDRAWN}
        return ((day_of(self.state_since) if is_over else today()) - day_of(self.sent_at)).days
