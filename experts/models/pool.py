"""Published pool tables, kept as printed (T2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Base
from experts.models.areas import Area, Category


class PoolSnapshot(Base):
    """A published pool table, kept as printed beside the live one."""

    as_of = models.DateField(_("as of"), unique=True)
    title = models.CharField(_("title"), max_length=200)
    source = models.CharField(_("source"), max_length=300)
    paragraph = models.CharField(_("paragraph"), max_length=40, blank=True)
    notes = models.JSONField(_("notes"), default=list)

    class Meta:
        verbose_name = _("published pool table")
        ordering = ["-as_of"]

    def __str__(self) -> str:
        return self.title


class PoolSnapshotRow(Base):
    snapshot = models.ForeignKey(PoolSnapshot, models.CASCADE, related_name="rows")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    label = models.CharField(_("printed label"), max_length=120)
    fully_accredited = models.PositiveIntegerField(_("fully accredited"))
    first_step = models.PositiveIntegerField(_("first step"), null=True, blank=True)
    total = models.PositiveIntegerField(_("total"))
    order = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.label
