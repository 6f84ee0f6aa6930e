"""Regional training centres as centres of excellence (§2.3, T4)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from centres.enums import Audience, TrainingKind, TrainingRole
from core.models import Base, StoredFile, Versioned
from experts.models import Area, Expert
from members.enums import Party
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


class CentreFocusQuerySet(models.QuerySet["CentreFocus"]):
    def visible_to(self, user: Any) -> "CentreFocusQuerySet":
        """As open as the centres."""
        return self if user.is_authenticated else self.none()


class CentreFocus(Base):
    """An area a centre develops, with the words as printed and the days between which it holds."""

    centre = models.ForeignKey(Centre, models.CASCADE, related_name="focus")
    area = models.ForeignKey(Area, models.PROTECT, related_name="centre_focus", verbose_name=_("area"))
    label = models.CharField(_("printed label"), max_length=120, blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = CentreFocusQuerySet.as_manager()

    class Meta:
        verbose_name = _("focus area")
        ordering = ["area__order"]
        constraints = [models.UniqueConstraint(fields=["centre", "area", "since"], name="one_focus_per_area_and_day")]

    def __str__(self) -> str:
        return self.label or str(self.area)

    def get_absolute_url(self) -> str:
        return self.centre.get_absolute_url()


class ResourceQuerySet(models.QuerySet["Resource"]):
    def present(self) -> "ResourceQuerySet":
        """What has not been taken away."""
        return self.filter(removed_at__isnull=True)

    def visible_to(self, user: Any) -> "ResourceQuerySet":
        """The offices and the centre itself all; the others what is meant for them: everybody, experts, or the host administration."""
        if not user.is_authenticated:
            return self.none()
        own = Q(centre__administration__in=user.administration_ids(Party.CENTRE))
        if user.is_office:
            return self.filter(Q(removed_at__isnull=True) | own)
        meant = Q(audience=Audience.EVERYBODY) | Q(centre__administration__in=user.administration_ids())
        if Party.EXPERT in user.parties:
            meant |= Q(audience=Audience.EXPERTS)
        return self.filter(Q(removed_at__isnull=True) & meant | own)


class Resource(Base, Versioned):
    """Material a centre gives experts: a file or a link, with whom it is for (§2.3, IV)."""

    centre = models.ForeignKey(Centre, models.CASCADE, related_name="resources")
    title = models.CharField(_("title"), max_length=160)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="resources", verbose_name=_("area")
    )
    audience = models.CharField(_("for whom"), max_length=12, choices=Audience, default=Audience.EXPERTS)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    url = models.URLField(_("link"), blank=True)
    note = models.TextField(_("what it is"), blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(_("taken away"), null=True, blank=True)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("material")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(file__isnull=False) | ~Q(url=""), name="resource_is_file_or_link")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.centre.get_absolute_url()


class TrainingQuerySet(models.QuerySet["Training"]):
    def visible_to(self, user: Any) -> "TrainingQuerySet":
        """Open to everybody who is signed in; who took part is shown as far as each person may be seen."""
        return self if user.is_authenticated else self.none()


class Training(Base, Versioned):
    """A training a centre gave, or holds for candidates, with the experts who taught (§2.3, IV)."""

    centre = models.ForeignKey(Centre, models.CASCADE, related_name="trainings")
    kind = models.CharField(_("kind"), max_length=14, choices=TrainingKind)
    title = models.CharField(_("title"), max_length=160)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="trainings", verbose_name=_("area")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    participants = models.PositiveSmallIntegerField(_("number of participants"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    people = models.ManyToManyField(Expert, through="TrainingPerson", related_name="trainings")

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("training")
        ordering = ["-first_day"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="training_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("centres:training", args=[self.pk])


class TrainingPersonQuerySet(models.QuerySet["TrainingPerson"]):
    def visible_to(self, user: Any) -> "TrainingPersonQuerySet":
        """Each person as far as the person may be seen; a centre sees who stands at its own trainings."""
        if not user.is_authenticated:
            return self.none()
        own = Q(training__centre__administration__in=user.administration_ids(Party.CENTRE))
        return self.filter(Q(expert__in=Expert.objects.visible_to(user)) | own)


class TrainingPerson(Base):
    """An expert or candidate at a training, as trainer or as participant."""

    training = models.ForeignKey(Training, models.CASCADE, related_name="lines")
    expert = models.ForeignKey(Expert, models.CASCADE, related_name="training_lines", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=12, choices=TrainingRole)

    objects = TrainingPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person at a training")
        ordering = ["role", "expert__family_name"]
        constraints = [models.UniqueConstraint(fields=["training", "expert"], name="one_line_per_training_and_person")]

    def __str__(self) -> str:
        return f"{self.training}: {self.expert}"

    def get_absolute_url(self) -> str:
        return self.training.get_absolute_url()
