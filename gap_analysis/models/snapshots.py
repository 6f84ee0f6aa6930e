"""What is built from supply and demand: dated snapshots that never change, survey summaries, what-if scenarios (§5.1)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.clock import day_words
from core.models import Base, StoredFile, Versioned
from experts.models import Area
from gap_analysis.enums import Level, NeedLevel
from gap_analysis.models.survey import Survey
from members.models import Administration


class OfficesQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "OfficesQuerySet":
        """Gap dashboards and snapshots are for ROCB and the Secretariat (design, section 8)."""
        return self if user.is_authenticated and user.is_office else self.none()


class SnapshotQuerySet(OfficesQuerySet):
    def visible_to(self, user: Any) -> "SnapshotQuerySet":
        """ROCB all; the Secretariat what ROCB has published (§5.1)."""
        if not user.is_authenticated or not user.is_office:
            return self.none()
        return self if user.is_rocb else self.filter(published_at__isnull=False)

    def good(self) -> "SnapshotQuerySet":
        """Those that were built to the end; the newest of them is what pages show."""
        return self.filter(built_at__isnull=False)


class GapSnapshot(Base):
    """The gap table of a day, built once and never changed. One is built at a time; a failed build leaves the others standing."""

    as_of = models.DateField(_("as of"))
    is_building = models.BooleanField(_("being built"), default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    built_at = models.DateTimeField(_("built"), null=True, blank=True)
    failed_at = models.DateTimeField(_("failed"), null=True, blank=True)
    message = models.TextField(_("what went wrong"), blank=True)
    method = models.JSONField(_("figures of the method"), default=dict)
    figures = models.JSONField(_("figures of the region"), default=dict)
    digest = models.CharField(_("digest of what it says"), max_length=64, blank=True)
    published_at = models.DateTimeField(_("published to the Secretariat"), null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.TextField(_("ROCB's note"), blank=True)
    document = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("gap snapshot")
        ordering = ["-as_of", "-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["is_building"], condition=Q(is_building=True), name="one_build_at_a_time"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(built_at__isnull=False), name="published_snapshot_is_built"
            ),
        ]

    def __str__(self) -> str:
        return str(_("Gaps on %(day)s") % {"day": day_words(self.as_of)})

    def get_absolute_url(self) -> str:
        return reverse("gap_analysis:snapshot", args=[self.pk])


class Frozen(models.Model):
    """A row of a snapshot: written with it, and never again."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError(f"{self} belongs to a snapshot that is not changed.")


class GapRow(Frozen, Base):
    """One area of a snapshot: its figures, and the people and demands behind them as they were."""

    PEOPLE = ("full", "first_step", "candidates")
    GROUPS = (*PEOPLE, "shared")  # the fully accredited of another area too

    snapshot = models.ForeignKey(GapSnapshot, models.CASCADE, related_name="rows")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField(_("rank"))
    level = models.CharField(_("level"), max_length=16, choices=Level)
    fully_accredited = models.PositiveIntegerField(_("fully accredited"))
    first_step = models.PositiveIntegerField(_("first step"))
    candidates = models.PositiveIntegerField(_("candidates"))
    free_weeks = models.DecimalField(_("free expert-weeks"), max_digits=9, decimal_places=1)
    demand_members = models.PositiveIntegerField(_("members asking"), null=True)
    demand_weeks = models.DecimalField(_("expert-weeks wanted"), max_digits=9, decimal_places=1, null=True)
    priority = models.BooleanField(_("stated priority"), default=False)
    people = models.JSONField(_("people"), default=dict)
    demands = models.JSONField(_("demands"), default=list)

    class Meta:
        verbose_name = _("area of a snapshot")
        ordering = ["rank"]
        constraints = [models.UniqueConstraint(fields=["snapshot", "area"], name="one_row_per_snapshot_and_area")]

    def __str__(self) -> str:
        return f"{self.snapshot}: {self.area}"


class GapCell(Frozen, Base):
    """One area in one administration: what it needs against the experts it has itself."""

    snapshot = models.ForeignKey(GapSnapshot, models.CASCADE, related_name="cells")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    administration = models.ForeignKey(Administration, models.PROTECT, related_name="+")
    fully_accredited = models.PositiveIntegerField(_("own fully accredited"), default=0)
    pipeline = models.PositiveIntegerField(_("own first step and candidates"), default=0)
    need = models.CharField(_("need"), max_length=10, blank=True)
    weeks = models.DecimalField(_("expert-weeks wanted"), max_digits=7, decimal_places=1, null=True)

    class Meta:
        verbose_name = _("area in an administration")
        ordering = ["area__order", "administration__name"]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "area", "administration"], name="one_cell_per_area_and_member")
        ]

    def __str__(self) -> str:
        return f"{self.area} / {self.administration}"

    @property
    def need_words(self) -> str:
        return str(NeedLevel(self.need).label) if self.need else ""


class SurveySummary(Base):
    """What a round says in sum, built by a task; figures of fewer than three members are shown to the offices alone."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="summaries")
    built_at = models.DateTimeField(_("built"))
    figures = models.JSONField(_("figures"), default=dict)

    class Meta:
        verbose_name = _("summary of a round")
        verbose_name_plural = _("summaries of rounds")
        ordering = ["-built_at"]

    def __str__(self) -> str:
        return f"{self.survey}: {self.built_at:%Y-%m-%d %H:%M}"


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    def visible_to(self, user: Any) -> "ScenarioQuerySet":
        """Whoever may read the snapshot from which it starts: its figures are those of the snapshot."""
        return self.filter(snapshot__in=GapSnapshot.objects.all().visible_to(user))


class Scenario(Base, Versioned):
    """What if: the steps that were assumed on a snapshot, and the table before and after, kept under a name."""

    name = models.CharField(_("name"), max_length=120)
    snapshot = models.ForeignKey(
        GapSnapshot, models.PROTECT, related_name="scenarios", verbose_name=_("starts from the snapshot")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    as_of = models.DateField(_("as of"))
    steps = models.JSONField(_("steps"), default=dict)
    before = models.JSONField(_("before"), default=list)
    after = models.JSONField(_("after"), default=list)

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        verbose_name = _("scenario")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("gap_analysis:scenario", args=[self.pk])
