"""Experts, their dated accreditations and workshops, their profile and their availability (§1.2, §2.1)."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.models import Base, StoredFile, Versioned
from experts.enums import LanguageLevel, Stage
from experts.models.areas import Area, Category
from members.enums import Party
from members.models import Administration


class ExpertQuerySet(models.QuerySet["Expert"]):
    def active(self, day: dt.date) -> "ExpertQuerySet":
        """Who had not left on that day."""
        return self.filter(Q(left_on__isnull=True) | Q(left_on__gt=day))

    def in_pool(self) -> "ExpertQuerySet":
        """People with an accreditation, first step or full: those whom members may search (§2.2(1))."""
        return self.filter(Q(pk__in=Accreditation.objects.values("expert_id")))

    def visible_to(self, user: Any) -> "ExpertQuerySet":
        """The offices see everybody; administrations and centres the pool and, for administrations, all of their own people; an
        expert the own record."""
        if not user.is_authenticated:
            return self.none()
        if user.is_office:
            return self
        seen = Q(user=user)
        if user.parties & {Party.ADMINISTRATION, Party.CENTRE}:
            seen |= Q(pk__in=Accreditation.objects.values("expert_id"))
            seen |= Q(administration__in=user.administration_ids())
        return self.filter(seen)

    def with_ledger(self) -> "ExpertQuerySet":
        """With everything that standing and cap read, in a fixed number of queries."""
        return self.select_related("administration").prefetch_related(
            "accreditations__area", "accreditations__category", "service_periods", "unavailabilities", "languages"
        )


class Expert(Base, Versioned):
    """An official of an administration: accredited, on the way, or known for solid expertise (§1.2)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="expert",
        verbose_name=_("account"),
    )
    administration = models.ForeignKey(
        Administration, models.PROTECT, related_name="experts", verbose_name=_("home administration")
    )
    family_name = models.CharField(_("family name"), max_length=80)
    given_name = models.CharField(_("given name"), max_length=80)
    office = models.CharField(_("office"), max_length=160, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    ace_reference = models.CharField(_("ACE reference"), max_length=40, blank=True)
    ace_as_of = models.DateField(_("ACE facts as of"), null=True, blank=True)
    provenance = models.JSONField(
        _("where each mirrored field comes from"), default=dict, blank=True, editable=False
    )  # {field: {"as_of": ISO day, "source": text}}
    customs_since = models.PositiveSmallIntegerField(_("in Customs since (year)"), null=True, blank=True)
    specialisms = models.TextField(_("specialisms"), blank=True)
    cv = models.ForeignKey(
        StoredFile, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("curriculum vitae")
    )
    profile_confirmed_on = models.DateField(_("profile confirmed on"), null=True, blank=True)
    history_confirmed_from = models.DateField(
        _("history complete from"),
        null=True,
        blank=True,
        help_text=_("Service from this day on is known to be complete; empty while nobody has confirmed it."),
    )
    left_on = models.DateField(_("left on"), null=True, blank=True)
    left_reason = models.CharField(_("reason for leaving"), max_length=200, blank=True)
    history = HistoricalRecords()

    objects = ExpertQuerySet.as_manager()

    class Meta:
        verbose_name = _("expert")
        ordering = ["family_name", "given_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["ace_reference"], condition=~Q(ace_reference=""), name="one_expert_per_ace_reference"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def get_absolute_url(self) -> str:
        return reverse("experts:expert", args=[self.pk])

    @property
    def addresses(self) -> list[str]:
        """Where the person is written to: the address of the record, else that of the account; none if there is neither."""
        address = self.email or (self.user.email if self.user else "")
        return [address] if address else []

    @property
    def binding_from(self) -> dt.date | None:
        """The day of the first full accreditation: from then on the cap binds the person, in every area and role (§3.2)."""
        days = [a.full_from for a in self.accreditations.all() if a.full_from]
        return min(days) if days else None


class ExpertLanguage(Base):
    expert = models.ForeignKey(Expert, models.CASCADE, related_name="languages")
    language = models.CharField(_("language"), max_length=40)
    level = models.CharField(_("level"), max_length=10, choices=LanguageLevel, default=LanguageLevel.FLUENT)

    class Meta:
        verbose_name = _("language")
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["expert", "language"], name="one_row_per_expert_and_language")]

    def __str__(self) -> str:
        return self.language


class Publication(Base):
    """A publication of good practice by the person, as a link."""

    expert = models.ForeignKey(Expert, models.CASCADE, related_name="publications")
    title = models.CharField(_("title"), max_length=200)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    url = models.URLField(_("link"), blank=True)

    class Meta:
        verbose_name = _("publication")
        ordering = ["-year", "title"]

    def __str__(self) -> str:
        return self.title


class AccreditationWorkshopQuerySet(models.QuerySet["AccreditationWorkshop"]):
    def visible_to(self, user: Any) -> "AccreditationWorkshopQuerySet":
        """Everybody those that are announced or of the past; the offices those still being prepared too."""
        if not user.is_authenticated:
            return self.none()
        if user.is_office:
            return self
        return self.filter(Q(announced_at__isnull=False) | Q(first_day__isnull=True) | Q(outcomes_at__isnull=False))


class AccreditationWorkshop(Base, Versioned):
    """A workshop where people are selected for accreditation (T3 lists the regional ones; not all, pitfall P7)."""

    title = models.CharField(_("title"), max_length=160)
    category = models.ForeignKey(Category, models.PROTECT, related_name="workshops", verbose_name=_("category"))
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="workshops", verbose_name=_("area")
    )
    month = models.DateField(_("month"), help_text=_("The first day of the month in which it was held."))
    first_day = models.DateField(_("first day"), null=True, blank=True)
    last_day = models.DateField(_("last day"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    places = models.PositiveSmallIntegerField(_("number of places"), null=True, blank=True)
    nominate_by = models.DateField(_("nominees to be put forward by"), null=True, blank=True)
    announced_at = models.DateTimeField(_("announced"), null=True, blank=True)
    outcomes_at = models.DateTimeField(_("outcomes entered"), null=True, blank=True)
    text = models.TextField(_("what the announcement says"), blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    objects = AccreditationWorkshopQuerySet.as_manager()

    class Meta:
        verbose_name = _("accreditation workshop")
        ordering = ["month"]
        constraints = [models.UniqueConstraint(fields=["title", "month"], name="one_workshop_per_title_and_month")]

    def __str__(self) -> str:
        return f"{self.title}, {self.month:%B %Y}"

    def get_absolute_url(self) -> str:
        return reverse("candidates:workshop", args=[self.pk])

    @property
    def begins(self) -> dt.date:
        """The first day, or that of the month if no more is known."""
        return self.first_day or self.month


class AccreditationQuerySet(models.QuerySet["Accreditation"]):
    def visible_to(self, user: Any) -> "AccreditationQuerySet":
        """Those of the people one may see."""
        return self.filter(expert__in=Expert.objects.visible_to(user))


class Accreditation(Base, Versioned):
    """One person in one category and area (or none), with the day of each step and the source. T2 counts these, not people."""

    expert = models.ForeignKey(Expert, models.CASCADE, related_name="accreditations", verbose_name=_("expert"))
    category = models.ForeignKey(Category, models.PROTECT, related_name="accreditations", verbose_name=_("category"))
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="accreditations", verbose_name=_("area")
    )
    first_step_on = models.DateField(_("first step on"), null=True, blank=True)
    accredited_on = models.DateField(_("accredited on"), null=True, blank=True)
    ace_entered_on = models.DateField(_("entered in ACE on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    workshop = models.ForeignKey(
        AccreditationWorkshop, models.SET_NULL, null=True, blank=True, related_name="accreditations"
    )
    source = models.CharField(_("source"), max_length=200)
    as_of = models.DateField(_("as of"))
    gone_since = models.DateField(
        _("missing from the extract since"),
        null=True,
        blank=True,
        help_text=_("Not in the latest ACE extract; it counts until a person decides (pitfall P15)."),
    )
    history = HistoricalRecords()

    objects = AccreditationQuerySet.as_manager()

    class Meta:
        verbose_name = _("accreditation")
        ordering = ["category__order", "area__order"]
        constraints = [
            models.UniqueConstraint(fields=["expert", "category", "area"], name="one_accreditation_per_area"),
            models.UniqueConstraint(
                fields=["expert", "category"], condition=Q(area__isnull=True), name="one_accreditation_without_area"
            ),
            models.CheckConstraint(
                condition=Q(first_step_on__isnull=False) | Q(accredited_on__isnull=False),
                name="accreditation_has_a_step",
            ),
            models.CheckConstraint(
                condition=Q(ace_entered_on__isnull=True) | Q(accredited_on__isnull=False),
                name="ace_entry_needs_accreditation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.expert}: {self.area or self.category}"

    @property
    def full_from(self) -> dt.date | None:
        """The later of accreditation and ACE entry: from this day the person is fully accredited (T2 note 1)."""
        if self.accredited_on and self.ace_entered_on:
            return max(self.accredited_on, self.ace_entered_on)
        return None

    def stage_on(self, day: dt.date) -> Stage:
        """Where it stood on a day."""
        if self.ended_on and self.ended_on <= day:
            return Stage.ENDED
        if self.full_from and self.full_from <= day:
            return Stage.FULL
        if self.accredited_on and self.accredited_on <= day:
            return Stage.ENTRY_PENDING
        if self.first_step_on and self.first_step_on <= day:
            return Stage.FIRST_STEP
        return Stage.NONE


class UnavailabilityQuerySet(models.QuerySet["Unavailability"]):
    def visible_to(self, user: Any) -> "UnavailabilityQuerySet":
        """The days are seen with the person; the reason is private and asked for apart."""
        return self.filter(expert__in=Expert.objects.visible_to(user))


class Unavailability(Base):
    """Days on which an expert cannot be asked; the reason is for the offices and the home administration."""

    expert = models.ForeignKey(Expert, models.CASCADE, related_name="unavailabilities")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = UnavailabilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("unavailability")
        verbose_name_plural = _("unavailabilities")
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="unavailability_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_day} – {self.last_day}"
