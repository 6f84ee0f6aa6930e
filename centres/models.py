"""Regional training centres as centres of excellence (§2.3, T4)."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Base
from experts.models import Area
from members.models import Administration


class CentreQuerySet(models.QuerySet["Centre"]):
    def visible_to(self, user: Any) -> "CentreQuerySet":
        """The centres and their focus are open to everybody who is signed in."""
        return self if user.is_authenticated else self.none()


class Centre(Base):
    administration = models.OneToOneField(
        Administration, models.PROTECT, related_name="centre", verbose_name=_("host administration")
    )
    since = models.CharField(_("centre since"), max_length=120, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = CentreQuerySet.as_manager()

    class Meta:
        verbose_name = _("centre")
        ordering = ["administration__name"]

    def __str__(self) -> str:
        return str(self.administration)

    def get_absolute_url(self) -> str:
        return reverse("centres:centre", args=[self.pk])


class CentreFocus(Base):
    """An area a centre develops, with the words as printed and the days between which it holds."""

    centre = models.ForeignKey(Centre, models.CASCADE, related_name="focus")
    area = models.ForeignKey(Area, models.PROTECT, related_name="centre_focus", verbose_name=_("area"))
    label = models.CharField(_("printed label"), max_length=120, blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("focus area")
        ordering = ["area__order"]
        constraints = [models.UniqueConstraint(fields=["centre", "area", "since"], name="one_focus_per_area_and_day")]

    def __str__(self) -> str:
        return self.label or str(self.area)
