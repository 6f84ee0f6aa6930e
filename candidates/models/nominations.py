"""Nominations for the candidate list, the four requirements with their evidence, and their review (§2.2(2), §2.3)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from candidates.enums import NominationState, Origin, Requirement, Verdict
from core.models import Base, Stateful, StoredFile, Versioned
from experts.models import Area, Expert
from members.enums import Party
from members.models import Administration


class NominationQuerySet(models.QuerySet["Nomination"]):
    def visible_to(self, user: Any) -> "NominationQuerySet":
        """The offices what was sent (ROCB its own drafts too); the home administration its own, and what others sent about its
        officials; a centre what it nominated; a nominee the own one."""
        if not user.is_authenticated:
            return self.none()
        homes, centres = user.administration_ids(), user.administration_ids(Party.CENTRE)
        sent = ~Q(state=NominationState.DRAFT)
        seen = Q(origin=Origin.ADMINISTRATION, home__in=homes) | Q(origin=Origin.CENTRE, centre_host__in=centres)
        seen |= sent & (Q(home__in=homes) | Q(expert__user=user))
        if user.is_office:
            seen |= sent
        if user.is_rocb:
            seen |= Q(origin=Origin.ROCB)
        return self.filter(seen)


class Nomination(Base, Stateful):
    """An official proposed for the candidate list: by the home administration, by a centre, or from ROCB's own knowledge.

    For the last two the home administration is told and may object (pitfall P13). The person's own record is opened when the
    nomination is sent; until then the names stand here.
    """

    origin = models.CharField(_("origin"), max_length=20, choices=Origin)
    home = models.ForeignKey(
        Administration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="nominations",
        verbose_name=_("home administration"),
    )
    centre_host = models.ForeignKey(
        Administration, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("host of the centre")
    )
    call = models.ForeignKey(
        "candidates.Call", models.SET_NULL, null=True, blank=True, related_name="nominations", verbose_name=_("call")
    )
    renews = models.ForeignKey(
        "candidates.Listing", models.SET_NULL, null=True, blank=True, related_name="renewals", verbose_name=_("renews")
    )
    expert = models.ForeignKey(
        Expert, models.CASCADE, null=True, blank=True, related_name="nominations", verbose_name=_("person")
    )
    given_name = models.CharField(_("given name"), max_length=80, blank=True)
    family_name = models.CharField(_("family name"), max_length=80, blank=True)
    office = models.CharField(_("office"), max_length=160, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    why = models.TextField(_("why this person"), blank=True)
    areas = models.ManyToManyField(Area, related_name="nominations", blank=True, verbose_name=_("areas"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(_("sent"), null=True, blank=True)
    consented_at = models.DateTimeField(_("consent of the nominee"), null=True, blank=True)
    consent_version = models.CharField(_("version of the consent text"), max_length=20, blank=True)
    home_told_at = models.DateTimeField(_("home administration told"), null=True, blank=True)
    home_agreed_at = models.DateTimeField(_("no objection of the home administration"), null=True, blank=True)
    objected_at = models.DateTimeField(_("home administration objected"), null=True, blank=True)
    objection_note = models.TextField(_("what the home administration says"), blank=True)
    returned_note = models.TextField(_("what is missing"), blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    waiver = models.TextField(_("reason for listing though not all four are met"), blank=True)
    decision_note = models.TextField(_("reason given"), blank=True)
    letter_pdf = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    history = HistoricalRecords(m2m_fields=[areas])

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = _("nomination")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=NominationState.values), name="nomination_state_known"),
            models.CheckConstraint(
                condition=Q(state=NominationState.DRAFT)
                | Q(state=NominationState.WITHDRAWN)
                | Q(expert__isnull=False, home__isnull=False, submitted_at__isnull=False),
                name="sent_nomination_has_its_person",
            ),
            models.CheckConstraint(
                condition=~Q(origin=Origin.CENTRE) | Q(centre_host__isnull=False), name="centre_nomination_has_its_host"
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(_("somebody not named yet"))

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def get_absolute_url(self) -> str:
        return reverse("candidates:nomination", args=[self.pk])

    @property
    def history_parent_id(self) -> Any:
        """What happens to a nomination stands in the person's history too."""
        return self.expert_id

    @property
    def inbox_words(self) -> dict[str, str]:
        return {"name": str(self), "administration": str(self.home or "")}


class Evidence(Base, Versioned):
    """What is said about one of the four requirements: by the nominator, and by the nominee."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="evidence")
    requirement = models.PositiveSmallIntegerField(_("requirement"), choices=Requirement)
    by_nominator = models.TextField(_("evidence of the nominator"), blank=True)
    by_nominee = models.TextField(_("evidence of the nominee"), blank=True)

    class Meta:
        verbose_name = _("evidence")
        ordering = ["requirement"]
        constraints = [
            models.UniqueConstraint(fields=["nomination", "requirement"], name="one_evidence_per_requirement"),
            models.CheckConstraint(condition=Q(requirement__in=Requirement.values), name="evidence_requirement_known"),
        ]

    def __str__(self) -> str:
        return str(self.get_requirement_display())


class Attachment(Base):
    """A file that supports a nomination, for one requirement or for all."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="attachments")
    requirement = models.PositiveSmallIntegerField(_("requirement"), choices=Requirement, null=True, blank=True)
    title = models.CharField(_("title"), max_length=160)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    by_nominee = models.BooleanField(default=False, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("attachment")
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.title


class Review(Base, Versioned):
    """One reviewer's judgement; the others' are shown to a reviewer only when the own one is given (row B40)."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reviewer"))
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    given_at = models.DateTimeField(_("given"), null=True, blank=True)

    class Meta:
        verbose_name = _("review")
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "reviewer", "round"], name="one_review_per_reviewer_and_round"
            )
        ]

    def __str__(self) -> str:
        return f"{self.nomination}: {self.reviewer}"


class Judgement(Base):
    """Whether one requirement is met, in one reviewer's eyes, with the comment."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="judgements")
    requirement = models.PositiveSmallIntegerField(_("requirement"), choices=Requirement)
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict)
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name = _("judgement")
        ordering = ["requirement"]
        constraints = [
            models.UniqueConstraint(fields=["review", "requirement"], name="one_judgement_per_requirement"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="judgement_verdict_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_requirement_display()}: {self.get_verdict_display()}"
