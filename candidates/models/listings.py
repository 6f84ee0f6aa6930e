"""ROCB's candidate list: person, area, since when, by whom, confirmed when (§2.2(2))."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from candidates.enums import LeftKind, Origin
from core.clock import months_after, today
from core.dated_policy import policy
from core.models import Base, Versioned
from experts.models import Area, Expert
from members.enums import Party


class ListingQuerySet(models.QuerySet["Listing"]):
    def with_people(self) -> "ListingQuerySet":
        """With the people, their steps and days, and the last word on each line, in a fixed number of queries."""
        return (
            self.annotate(last_said_on=Coalesce("confirmed_on", "listed_on"))
            .select_related("expert__administration", "area", "recommended_by", "listed_by", "nomination")
            .prefetch_related(
                "expert__accreditations__area",
                "expert__accreditations__category",
                "expert__unavailabilities",
                "expert__service_periods",
            )
        )

    def open(self, day: dt.date) -> "ListingQuerySet":
        """On the list on that day."""
        return self.filter(Q(listed_on__lte=day) & (Q(left_on__isnull=True) | Q(left_on__gt=day)))

    def visible_to(self, user: Any) -> "ListingQuerySet":
        """The offices all; an administration its own people; a centre whom it recommended; a person the own line (pitfall P14)."""
        if not user.is_authenticated:
            return self.none()
        if user.is_office:
            return self
        seen = Q(expert__user=user) | Q(expert__administration__in=user.administration_ids())
        seen |= Q(origin=Origin.CENTRE, recommended_by__in=user.administration_ids(Party.CENTRE))
        return self.filter(seen)


class Listing(Base, Versioned):
    """A listed candidate in one area. Somebody accredited in one area may be listed in another (pitfall P10)."""

    expert = models.ForeignKey(Expert, models.CASCADE, related_name="listings", verbose_name=_("person"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="listings", verbose_name=_("area"))
    origin = models.CharField(_("origin"), max_length=20, choices=Origin)
    recommended_by = models.ForeignKey(
        "members.Administration",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recommended by"),
    )
    listed_on = models.DateField(_("listed since"))
    listed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    nomination = models.ForeignKey(
        "candidates.Nomination",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="listings",
        verbose_name=_("nomination"),
    )
    confirmed_on = models.DateField(_("last confirmed"), null=True, blank=True)
    reminded_on = models.DateField(_("last asked to confirm"), null=True, blank=True, editable=False)
    contacted_on = models.DateField(_("last contact"), null=True, blank=True)
    left_on = models.DateField(_("left the list on"), null=True, blank=True)
    left_kind = models.CharField(_("why"), max_length=20, choices=LeftKind, blank=True)
    left_reason = models.CharField(_("reason"), max_length=200, blank=True)
    note = models.TextField(_("what the person is known for"), blank=True)

    objects = ListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("listed candidate")
        ordering = ["area__order", "expert__family_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["expert", "area"], condition=Q(left_on__isnull=True), name="one_open_listing_per_area"
            )
        ]

    def __str__(self) -> str:
        return f"{self.expert}: {self.area}"

    def get_absolute_url(self) -> str:
        return reverse("candidates:listing", args=[self.pk])

    @property
    def history_parent_id(self) -> Any:
        """What happens to a line of the list stands in the person's history too."""
        return self.expert_id

    def is_open(self, day: dt.date) -> bool:
        return self.listed_on <= day and (self.left_on is None or self.left_on > day)

    def take_over(self, other: "Listing") -> None:
        """Two open lines of one person in one area become one: on the list since the earlier day, with the later words."""
        self.listed_on = min(self.listed_on, other.listed_on)
        for name in ("confirmed_on", "reminded_on", "contacted_on"):
            setattr(self, name, max((day for day in (getattr(self, name), getattr(other, name)) if day), default=None))
        self.note = self.note or other.note

    @property
    def last_word(self) -> dt.date:
        """When somebody last said that it is right; the listing itself is the first such word."""
        return self.confirmed_on or self.listed_on

    @property
    def confirm_by(self) -> dt.date:
        """Until when somebody has to say that it is still right: a year after the last word (house setting)."""
        return months_after(self.last_word, int(policy("listing.confirm_months", self.last_word)))

    @property
    def ends_on(self) -> dt.date:
        """When an unconfirmed line really ends: not before somebody was asked and some days have passed."""
        asked = self.reminded_on if self.reminded_on and self.reminded_on >= self.last_word else today()
        return max(self.lapses_on, asked + dt.timedelta(days=int(policy("listing.grace_days", asked))))

    @property
    def lapses_on(self) -> dt.date:
        """When an unconfirmed line ends by itself (house setting; accreditation never lapses, pitfall P11)."""
        return months_after(self.last_word, int(policy("listing.lapse_months", self.last_word)))
