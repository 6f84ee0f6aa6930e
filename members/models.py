"""Member administrations, the people who sign in, and the parties they belong to."""

import datetime as dt
import uuid
from functools import cached_property
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.models import Base, Versioned
from members.enums import Party, Subregion


class AdministrationQuerySet(models.QuerySet["Administration"]):
    def active(self) -> "AdministrationQuerySet":
        return self.filter(is_active=True)

    def visible_to(self, user: Any) -> "AdministrationQuerySet":
        """The register of members is open to everybody who is signed in."""
        return self if user.is_authenticated else self.none()


class Administration(Base, Versioned):
    """A member customs administration, named as the WCO names it. Its key is never a country (pitfall P6)."""

    code = models.CharField(_("code"), max_length=4, unique=True, help_text=_("A lookup only; not a country code."))
    name = models.CharField(_("member"), max_length=120, unique=True)
    organisation = models.CharField(_("administration"), max_length=200)
    head_title = models.CharField(_("title of its head"), max_length=120)
    subregion = models.CharField(_("sub-region"), max_length=40, choices=Subregion)
    airport = models.CharField(_("main airport"), max_length=3, blank=True)
    airport_lat = models.FloatField(_("latitude"), null=True, blank=True)
    airport_lon = models.FloatField(_("longitude"), null=True, blank=True)
    timezone = models.CharField(_("time zone"), max_length=60, default="Asia/Bangkok")
    joined_year = models.PositiveSmallIntegerField(_("member since"), null=True, blank=True)
    is_rocb_host = models.BooleanField(_("hosts ROCB A/P"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    history = HistoricalRecords()

    objects = AdministrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("administration")
        verbose_name_plural = _("administrations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def office(self) -> str:
        """The addressee of a formal letter: the office, not a person."""
        return f"{self.head_title}, {self.organisation}"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class UserQuerySet(models.QuerySet["User"]):
    def focal_points(self, administration: Administration) -> "UserQuerySet":
        """The people who answer for an administration, in the order they joined."""
        return self.filter(
            is_active=True, memberships__party=Party.ADMINISTRATION, memberships__administration=administration
        ).order_by("memberships__created_at")

    def of_party(self, party: str) -> "UserQuerySet":
        return self.filter(is_active=True, memberships__party=party).order_by("created_at").distinct()

    def visible_to(self, user: Any) -> "UserQuerySet":
        """ROCB keeps the accounts; everybody else sees the own one."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_rocb else self.filter(pk=user.pk)


class User(AbstractBaseUser):
    """A person who signs in with an e-mail address; rights come from the parties, and from nothing else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=160)
    timezone = models.CharField(_("time zone"), max_length=60, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def party_rows(self) -> list["Membership"]:
        """The memberships, read once a request; a change of rights holds from the next request on."""
        return (
            list(self.memberships.select_related("administration").order_by("created_at", "pk"))
            if self.is_active
            else []
        )

    @cached_property
    def parties(self) -> frozenset[str]:
        return frozenset(row.party for row in self.party_rows)

    @property
    def is_rocb(self) -> bool:
        return Party.ROCB in self.parties

    @property
    def is_secretariat(self) -> bool:
        return Party.SECRETARIAT in self.parties

    @property
    def is_office(self) -> bool:
        """ROCB or Secretariat: the two offices that run the scheme."""
        return bool(self.parties & Party.offices())

    def administration_ids(self, party: str = Party.ADMINISTRATION) -> frozenset[uuid.UUID]:
        """The administrations this person speaks for (or, for a centre, its host)."""
        return frozenset(
            row.administration_id for row in self.party_rows if row.party == party and row.administration_id
        )

    @property
    def is_staff(self) -> bool:
        """ROCB staff use the admin; its pages ask `may` like all others."""
        return self.is_rocb

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_rocb

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_rocb

    def get_absolute_url(self) -> str:
        return reverse("members:user", args=[self.pk])


class Membership(Base):
    """A person's place in a party: of an administration, or of a centre by its host administration."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    party = models.CharField(_("party"), max_length=20, choices=Party)
    administration = models.ForeignKey(
        Administration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("administration"),
    )

    class Meta:
        verbose_name = _("membership")
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "party", "administration"], name="one_membership_per_party"),
            models.UniqueConstraint(
                fields=["user", "party"],
                condition=Q(administration__isnull=True),
                name="one_membership_without_administration",
            ),
            models.CheckConstraint(
                condition=Q(party__in=[Party.ADMINISTRATION, Party.CENTRE], administration__isnull=False)
                | Q(party__in=[Party.ROCB, Party.SECRETARIAT, Party.EXPERT], administration__isnull=True),
                name="membership_names_its_administration",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.label}"

    @property
    def label(self) -> str:
        """What the top bar says: the party, with the administration it is of."""
        party = str(Party(self.party).label)
        return f"{party}: {self.administration}" if self.administration_id else party


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def visible_to(self, user: Any) -> "AbsenceQuerySet":
        """Everybody sees the own ones."""
        return self.filter(user=user) if user.is_authenticated else self.none()


class Absence(Base):
    """Days on which a focal point is away; the letters' reminders then go to the others first."""

    user = models.ForeignKey(User, models.CASCADE, related_name="absences")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")), name="absence_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.first_day} – {self.last_day}"

    def covers(self, day: dt.date) -> bool:
        return self.first_day <= day <= self.last_day
