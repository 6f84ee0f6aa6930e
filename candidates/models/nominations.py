"""Nominations for the candidate list, the four requirements with their evidence, and their review (§2.2(2), §2.3)."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from candidates.enums import NominationState, Origin, Requirement, Verdict
from core.clock import day_of
from core.dated_policy import policy
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
        sent = Q(submitted_at__isnull=False)
        seen = Q(origin=Origin.ADMINISTRATION, home__in=homes) | Q(origin=Origin.CENTRE, centre_host__in=centres)
        seen |= sent & (Q(home__in=homes) | Q(expert__user=user))
        if user.is_office:
            seen |= sent
        if user.is_rocb:
            seen |= Q(origin=Origin.ROCB)
        return self.filter(seen)

    def with_standing(self) -> "NominationQuerySet":
        """With everything that guards, pages and the inbox read, in a fixed number of queries."""
        return self.select_related(
            "home", "centre_host", "expert__administration", "expert__user", "created_by", "call", "renews__area"
        ).prefetch_related("areas", "evidence", Prefetch("reviews", Review.objects.with_words()))


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
    round = models.PositiveSmallIntegerField(_("round of review"), default=0, editable=False)
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
        """What happens to a nomination stands in the person's history too, once it is sent."""
        return self.expert_id if self.submitted_at else None

    @property
    def is_from_outside(self) -> bool:
        """Made by somebody else than the home administration, which is told and may object (pitfall P13)."""
        return self.origin != Origin.ADMINISTRATION

    @property
    def object_by(self) -> dt.date | None:
        """The last of the days that the home administration has before listing may go on; a later objection still counts."""
        if not self.is_from_outside or self.home_told_at is None:
            return None
        told = day_of(self.home_told_at)
        return told + dt.timedelta(days=int(policy("nomination.objection_days", told)))

    @property
    def nominee_address(self) -> str:
        """The record's own address goes before the one that a nominator typed: the link in the e-mail speaks for the person."""
        if self.expert is None:
            return self.email
        account = self.expert.user.email if self.expert.user else ""
        return account or self.expert.email or self.email

    def reviews_now(self) -> list["Review"]:
        """The reviews of the present round, given or only begun; a nomination that comes back is reviewed anew."""
        return [review for review in self.reviews.all() if review.round == self.round]

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


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: Any) -> "AttachmentQuerySet":
        """Whoever sees the nomination; a nominee the own files alone."""
        if not user.is_authenticated:
            return self.none()
        rows = self.filter(nomination__in=Nomination.objects.visible_to(user).values("pk"), removed_at__isnull=True)
        if user.is_office:
            return rows
        homes, centres = user.administration_ids(), user.administration_ids(Party.CENTRE)
        nominators = Q(nomination__home__in=homes) | Q(nomination__centre_host__in=centres)
        return rows.filter(Q(by_nominee=True) | nominators)


class Attachment(Base):
    """A file that supports a nomination, for one requirement or for all."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="attachments")
    requirement = models.PositiveSmallIntegerField(_("requirement"), choices=Requirement, null=True, blank=True)
    title = models.CharField(_("title"), max_length=160)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    by_nominee = models.BooleanField(default=False, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.nomination.get_absolute_url()


class ReviewQuerySet(models.QuerySet["Review"]):
    def with_words(self) -> "ReviewQuerySet":
        return self.select_related("reviewer").prefetch_related("judgements")


class Review(Base, Versioned):
    """One reviewer's judgement; the others' are shown to a reviewer only when the own one is given (row B40)."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reviewer"))
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    given_at = models.DateTimeField(_("given"), null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

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
