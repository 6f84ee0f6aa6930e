"""Categories and areas of expertise, the pairs in which they are accredited, and the needs stated for them (T1, T2, §2.1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Base
from experts.enums import PriorityKind


class Category(Base):
    """A kind of accredited expert with its responsibility (T1)."""

    code = models.CharField(_("code"), max_length=8, unique=True)
    name = models.CharField(_("name"), max_length=120)
    plural = models.CharField(_("plural"), max_length=120)
    responsibility = models.TextField(_("responsibility"), blank=True)
    has_areas = models.BooleanField(_("divided by area"), default=True)
    synonyms = models.JSONField(_("other words"), default=list, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("active"), default=True)
    note = models.TextField(_("note"), blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class AreaQuerySet(models.QuerySet["Area"]):
    def active(self) -> "AreaQuerySet":
        return self.filter(is_active=True)


class Area(Base):
    """A field of expertise: one canonical name, with the synonyms that search and import know (pitfall P4)."""

    code = models.CharField(_("code"), max_length=8, unique=True)
    name = models.CharField(_("name"), max_length=120, unique=True)
    synonyms = models.JSONField(_("other words"), default=list, blank=True)
    kind = models.CharField(_("how the area is known"), max_length=60, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("active"), default=True)
    note = models.TextField(_("note"), blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("area")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class AreaCategory(Base):
    """A category in which an area is accredited, with its source: T1 and T2 differ for IPR and PCA, both are kept (pitfall P3)."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="pairs")
    category = models.ForeignKey(Category, models.CASCADE, related_name="pairs")
    table2_order = models.PositiveSmallIntegerField(_("place in Table 2"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("area in a category")
        verbose_name_plural = _("areas in categories")
        ordering = ["category__order", "table2_order", "area__order"]
        constraints = [models.UniqueConstraint(fields=["area", "category"], name="one_row_per_area_and_category")]

    def __str__(self) -> str:
        return f"{self.category.code} / {self.area.code}"


class AreaPriority(Base):
    """A need stated for an area, with the day it was stated (§2.1) and until when it holds."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="priorities")
    kind = models.CharField(_("kind"), max_length=20, choices=PriorityKind)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("place in the statement"), default=0)
    paragraph = models.CharField(_("paragraph"), max_length=40, blank=True)
    note = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("stated priority")
        verbose_name_plural = _("stated priorities")
        ordering = ["area__order"]
        constraints = [
            models.UniqueConstraint(fields=["area", "kind", "since"], name="one_priority_per_area_kind_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.get_kind_display()}"
