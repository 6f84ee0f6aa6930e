"""What has been said about an area besides figures (§5.1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Base
from experts.models import Area


class Evidence(Base):
    """A remark on an area's gap with its day and source; shown beside the figures and counted in none."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="evidence", verbose_name=_("area"))
    since = models.DateField(_("said on"))
    text = models.TextField(_("what was said"))
    paragraph = models.CharField(_("paragraph"), max_length=40, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["area__order", "since"]
        constraints = [
            models.UniqueConstraint(fields=["area", "since", "paragraph"], name="one_remark_per_area_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.text}"
