"""From the request to the report: requests, missions, seats, invitations, letters, material, reports (§3.4, §3.5)."""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.clock import begin_of, day_of
from core.dated_policy import policy
from core.models import Base, Stateful, StoredFile, Versioned
from experts.enums import Standing
from experts.models import Area, Category, Expert
from members.models import Administration
from missions.enums import (
    Bearer,
    BearsCost,
    ConfirmingParty,
    Financing,
    InvitationState,
    MaterialKind,
    MissionRole,
    MissionState,
    Mode,
    ReportState,
    RequestOrigin,
    RequestState,
    Urgency,
)

I = InvitationState  # noqa: E741 - short inside this file only

# From the letter on, the home administration is a party to the invitation.
WITH_HOME = [
    I.LETTER_SENT,
    I.CONDITIONS,
    I.APPROVED,
    I.REFUSED,
    I.CONDITIONS_DECLINED,
    I.OTHER_OFFICER,
    I.SERVED,
    I.NO_SHOW,
    I.STOOD_DOWN,
]
FILLED = [I.APPROVED, I.SERVED]
ANSWERED = [s for s in WITH_HOME if s != I.LETTER_SENT]
FINAL = [
    I.REFUSED,
    I.CONDITIONS_DECLINED,
    I.OTHER_OFFICER,
    I.SERVED,
    I.NO_SHOW,
    I.STOOD_DOWN,
    I.WITHDRAWN,
    I.NOT_NEEDED,
    I.NOT_AVAILABLE,
]


def plan_label(year: int) -> str:
    """2026/27: a plan year by the year in which it begins."""
    return f"{year}/{(year + 1) % 100:02d}"


class CapacityRequestQuerySet(models.QuerySet["CapacityRequest"]):
    def visible_to(self, user: Any) -> "CapacityRequestQuerySet":
        """The offices what has been filed; the beneficiary its own, drafts too."""
        if not user.is_authenticated:
            return self.none()
        own = Q(beneficiary__in=user.administration_ids())
        return self.filter(own | ~Q(state=RequestState.DRAFT)) if user.is_office else self.filter(own)


# What has left the beneficiary's desk is answered in full.
SENT = [RequestState.FILED, RequestState.CHECKED, RequestState.IN_PLAN]


class CapacityRequest(Base, Stateful):
    """What a member asks for (§3.4 step 1): through ROCB to the Secretariat, and so into the annual plan.

    A draft may have gaps anywhere; from the first sending on it keeps an area and days, which others count by.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    beneficiary = models.ForeignKey(
        Administration, models.PROTECT, related_name="requests", verbose_name=_("beneficiary administration")
    )
    origin = models.CharField(
        _("origin"), max_length=10, choices=RequestOrigin, default=RequestOrigin.AD_HOC, blank=True
    )
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("area")
    )
    title = models.CharField(_("title"), max_length=160, blank=True)
    objective = models.TextField(_("objective"), blank=True)
    audience = models.TextField(_("audience"), blank=True)
    first_day = models.DateField(_("first day wished"), null=True, blank=True)
    last_day = models.DateField(_("last day wished"), null=True, blank=True)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    bears_cost = models.CharField(
        _("does your administration bear cost?"), max_length=10, choices=BearsCost, blank=True
    )
    cost_note = models.TextField(_("which cost, if partly"), blank=True)
    contact_name = models.CharField(_("contact person"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact's e-mail address"), blank=True)
    filed_at = models.DateTimeField(_("filed"), null=True, blank=True)
    checked_at = models.DateTimeField(_("checked by ROCB"), null=True, blank=True)
    planned_at = models.DateTimeField(_("entered in the plan"), null=True, blank=True)
    returned_note = models.TextField(_("what ROCB asks for"), blank=True)
    check_note = models.TextField(_("ROCB's remark"), blank=True)
    letter_pdf = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    history = HistoricalRecords()

    objects = CapacityRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for capacity building")
        verbose_name_plural = _("requests for capacity building")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="request_state_known"),
            models.CheckConstraint(
                condition=Q(bears_cost__in=BearsCost.values) | Q(bears_cost="") & ~Q(state__in=SENT),
                name="request_says_who_bears_cost",
            ),
            models.CheckConstraint(
                condition=Q(filed_at__isnull=True) | Q(last_day__gte=F("first_day")),
                name="request_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(filed_at__isnull=True)
                | Q(area__isnull=False, first_day__isnull=False, last_day__isnull=False),
                name="sent_request_has_area_and_days",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=SENT) | Q(filed_at__isnull=False),
                name="filed_request_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def name(self) -> str:
        """The title, or that there is none yet."""
        return self.title or str(_("(no title yet)"))

    def get_absolute_url(self) -> str:
        return reverse("missions:request", args=[self.pk])

    @property
    def inbox_words(self) -> dict[str, str]:
        return {
            "number": self.number,
            "title": self.name,
            "beneficiary": str(self.beneficiary),
            "area": str(self.area),
        }


class MissionQuerySet(models.QuerySet["Mission"]):
    def visible_to(self, user: Any) -> "MissionQuerySet":
        """The offices all; the beneficiary its own; a home administration from the letter on; an expert from the consultation on."""
        if not user.is_authenticated:
            return self.none()
        if user.is_office:
            return self
        own = user.administration_ids()
        invited = Invitation.objects.visible_to(user).filter(Q(expert__user=user) | Q(expert__administration__in=own))
        return self.filter(Q(beneficiary__in=own) | Q(pk__in=invited.values("mission_id")))

    def with_people(self) -> "MissionQuerySet":
        """With everything the step bar and the guards read, in a fixed number of queries."""
        return self.select_related("beneficiary", "area", "request", "report", "leader__expert").prefetch_related(
            "seats__area",
            "seats__category",
            "seats__invitations__expert__administration",
            "seats__invitations__letter",
            "seats__invitations__confirmations",
            "seats__invitations__expert__accreditations__area",
            "seats__invitations__expert__accreditations__category",
            "seats__invitations__expert__service_periods",
        )


class Mission(Base, Stateful):
    """A mission in a plan year; the letter freezes its dates (§3.4)."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    request = models.OneToOneField(
        CapacityRequest, models.PROTECT, null=True, blank=True, related_name="mission", verbose_name=_("request")
    )
    title = models.CharField(_("title"), max_length=160)
    beneficiary = models.ForeignKey(
        Administration, models.PROTECT, related_name="missions_received", verbose_name=_("beneficiary administration")
    )
    area = models.ForeignKey(Area, models.PROTECT, related_name="missions", verbose_name=_("area"))
    objective = models.TextField(_("objective"), blank=True)
    audience = models.TextField(_("audience"), blank=True)
    place = models.CharField(_("place"), max_length=120)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    mode = models.CharField(_("mode"), max_length=10, choices=Mode)
    under_scheme = models.BooleanField(_("under the WCO/ROCB scheme"), default=True)
    financing = models.CharField(_("financed by"), max_length=12, choices=Financing, default=Financing.WCO)
    donor = models.CharField(_("name of the institution or donor"), max_length=120, blank=True)
    deviations = models.TextField(_("deviations from the seven steps"), blank=True)
    role = models.PositiveSmallIntegerField(_("role"), choices=MissionRole, default=MissionRole.MISSION)
    plan_year = models.PositiveSmallIntegerField(
        _("plan year"), help_text=_("The year in which it begins, July to June.")
    )
    own_experts_at = models.DateTimeField(_("Secretariat's own experts looked at"), null=True, blank=True)
    own_experts_note = models.TextField(_("what the look at the Secretariat's own experts gave"), blank=True)
    consulted_at = models.DateTimeField(_("other office consulted"), null=True, blank=True)
    consultation_note = models.TextField(_("what the consultation of the other office gave"), blank=True)
    team_decided_at = models.DateTimeField(_("team decided"), null=True, blank=True)
    team_needed = models.BooleanField(_("a team is needed"), null=True, blank=True)
    team_note = models.TextField(_("reason"), blank=True)
    leader = models.ForeignKey(
        "Invitation", models.PROTECT, null=True, blank=True, related_name="led_missions", verbose_name=_("leader")
    )
    contact_at = models.DateTimeField(_("formal contact written"), null=True, blank=True)
    contact_message = models.TextField(_("message to the experts"), blank=True)
    tor_background = models.TextField(_("background"), blank=True)
    tor_input = models.TextField(_("required input"), blank=True)
    tor_result = models.TextField(_("desired result"), blank=True)
    agenda = models.TextField(_("agenda"), blank=True)
    actual_first_day = models.DateField(_("began on"), null=True, blank=True)
    actual_last_day = models.DateField(_("ended on"), null=True, blank=True)
    cancel_reason = models.TextField(_("reason for cancelling"), blank=True)
    notice_on = models.DateField(_("notice given on"), null=True, blank=True)
    history = HistoricalRecords()

    objects = MissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("mission")
        ordering = ["-first_day"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MissionState.values), name="mission_state_known"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="mission_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(state__in=[MissionState.COMPLETED, MissionState.REPORTED, MissionState.CLOSED])
                | Q(actual_first_day__isnull=False, actual_last_day__isnull=False),
                name="completed_mission_has_its_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("missions:mission", args=[self.pk])

    @property
    def is_wco_financed(self) -> bool:
        """Missions of other institutions keep the skeleton of steps and report, with each deviation noted (pitfall P20)."""
        return self.financing == Financing.WCO

    @property
    def plan_label(self) -> str:
        return plan_label(self.plan_year)

    @property
    def inbox_words(self) -> dict[str, str]:
        return {
            "number": self.number,
            "title": self.title,
            "beneficiary": str(self.beneficiary),
            "area": str(self.area),
        }

    def open_seats(self) -> list["Seat"]:
        return [seat for seat in self.seats.all() if not seat.is_dropped]

    def invitations(self) -> list["Invitation"]:
        """All of them, in the order of the seats; each knows this very mission and its seat, so that nothing is fetched again."""
        found = [invitation for seat in self.seats.all() for invitation in seat.invitations.all()]
        for invitation in found:
            invitation.mission = self
        return found

    def team(self) -> list["Invitation"]:
        """The people whose seats are filled."""
        return [invitation for invitation in self.invitations() if invitation.state in FILLED]


class SeatQuerySet(models.QuerySet["Seat"]):
    def visible_to(self, user: Any) -> "SeatQuerySet":
        """The seats of the missions one may see; who is on them is said by the invitations."""
        return self.filter(mission__in=Mission.objects.visible_to(user))


class Seat(Base, Versioned):
    """One place on a mission, with the days its holder is away from home and who bears the cost.

    No bearer is stored until one is agreed or offered: for fully accredited experts it is then the WCO, for others nobody (§3.3).
    """

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="seats")
    position = models.PositiveSmallIntegerField(_("seat"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    task = models.CharField(_("task"), max_length=200, blank=True)
    release_first = models.DateField(_("away from"))
    release_last = models.DateField(_("away until"))
    bearer = models.CharField(_("cost bearer"), max_length=12, choices=Bearer, blank=True)
    bearer_agreed_by = models.CharField(_("agreed or offered by"), max_length=160, blank=True)
    bearer_agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    bearer_note = models.CharField(_("note"), max_length=200, blank=True)
    is_dropped = models.BooleanField(_("no longer needed"), default=False)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["mission", "position"], name="one_seat_per_position"),
            models.CheckConstraint(condition=Q(release_last__gte=F("release_first")), name="seat_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.mission.number} / {self.position}"

    @property
    def release(self) -> tuple[dt.date, dt.date]:
        return self.release_first, self.release_last

    @property
    def release_days(self) -> int:
        return (self.release_last - self.release_first).days + 1

    def holder(self) -> "Invitation | None":
        """Who fills the seat, if anybody."""
        return next((i for i in self.invitations.all() if i.state in FILLED), None)

    def running(self) -> list["Invitation"]:
        """The invitations that may still fill it."""
        return [i for i in self.invitations.all() if i.state not in FINAL]


def answer_hoped_by(sent_on: dt.date, away_from: dt.date) -> dt.date:
    """The day by which an answer would help: that of the last reminder, and never the day of departure or later (house setting)."""
    last = sent_on + dt.timedelta(days=max(policy("letter.reminder_days", sent_on)))
    return max(sent_on, min(last, away_from - dt.timedelta(days=1)))


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, user: Any) -> "LetterQuerySet":
        """The offices all; the home administration its own, once sent; an expert the own one, once answered."""
        if not user.is_authenticated:
            return self.none()
        if user.is_office:
            return self
        own = Q(administration__in=user.administration_ids())
        about = Invitation.objects.filter(expert__user=user, state__in=ANSWERED, letter__isnull=False)
        return self.filter(own | Q(pk__in=about.values("letter_id")), sent_at__isnull=False)

    def drafts(self) -> "LetterQuerySet":
        return self.filter(sent_at__isnull=True)

    def unanswered(self) -> "LetterQuerySet":
        """Sent, and the word about at least one expert still looked for."""
        waiting = Invitation.objects.filter(state=I.LETTER_SENT).values("letter_id")
        return self.filter(sent_at__isnull=False, revoked_at__isnull=True, pk__in=waiting)

    def answered(self) -> "LetterQuerySet":
        waiting = Invitation.objects.filter(state=I.LETTER_SENT, letter__isnull=False).values("letter_id")
        return self.filter(sent_at__isnull=False, revoked_at__isnull=True).exclude(pk__in=waiting)

    def revoked(self) -> "LetterQuerySet":
        return self.filter(revoked_at__isnull=False)

    def overdue(self, today: dt.date) -> "LetterQuerySet":
        """Unanswered after the day of the last reminder (house setting); nothing follows from it by itself."""
        last = today - dt.timedelta(days=max(policy("letter.reminder_days")))
        return self.unanswered().filter(sent_at__lt=begin_of(last))

    def with_answers(self) -> "LetterQuerySet":
        """With what a list or a page of letters reads, in a fixed number of queries."""
        return self.select_related(
            "mission__beneficiary", "administration", "document", "sent_by", "prepared_by"
        ).prefetch_related("invitations__expert", "invitations__seat")


class Letter(Base, Versioned):
    """The formal letter to a home administration (§3.4 step 4); it may cover several experts, one answer each.

    What it says is frozen in `particulars` with the sending; the PDF is drawn from that, once, and kept with its hash.
    """

    mission = models.ForeignKey(Mission, models.PROTECT, related_name="letters")
    administration = models.ForeignKey(
        Administration, models.PROTECT, related_name="letters", verbose_name=_("home administration")
    )
    number = models.CharField(_("number"), max_length=30, null=True, blank=True, unique=True)
    opening = models.TextField(_("opening paragraph"), blank=True)
    extra = models.TextField(_("further paragraph"), blank=True)
    conditions = models.TextField(_("conditions of this mission"), blank=True)
    exception_reason = models.TextField(
        _("reason for asking an exception to the cap"),
        blank=True,
        help_text=_("Only if an expert would pass the limit: why this mission needs this expert all the same."),
    )
    signatory = models.CharField(_("signed by"), max_length=160, blank=True)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ready_at = models.DateTimeField(_("handed to the Secretariat"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    sent_on = models.DateField(_("dated"), null=True, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    on_paper = models.BooleanField(_("sent on paper"), default=False)
    particulars = models.JSONField(default=dict)
    verification = models.CharField(_("verification code"), max_length=20, blank=True)
    document = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    history = HistoricalRecords()

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, number__isnull=True)
                | Q(sent_at__isnull=False, number__isnull=False, sent_on__isnull=False),
                name="sent_letter_has_number_and_date",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.mission.number} / {self.administration}"

    def get_absolute_url(self) -> str:
        return reverse("missions:letter", args=[self.pk])

    def unanswered(self) -> list["Invitation"]:
        """The invitations about which the home administration has not said anything yet."""
        return [i for i in self.invitations.all() if i.state == I.LETTER_SENT]


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: Any) -> "InvitationQuerySet":
        """The offices all; the home administration from the letter on and never before; the expert from the consultation on;
        the beneficiary and the team those who are approved."""
        if not user.is_authenticated:
            return self.none()
        if user.is_office:
            return self
        own = user.administration_ids()
        teams = Invitation.objects.filter(expert__user=user, state__in=FILLED).values("mission_id")
        return self.filter(
            Q(expert__user=user) & ~Q(state=I.SHORTLISTED) & ~Q(asked_at__isnull=True)
            | Q(expert__administration__in=own, state__in=WITH_HOME)
            | Q(mission__beneficiary__in=own, state__in=FILLED)
            | Q(mission__in=teams, state__in=FILLED)
        )

    def with_standing(self) -> "InvitationQuerySet":
        """With everything the guards read, in a fixed number of queries."""
        return self.select_related(
            "seat__area", "seat__category", "mission__beneficiary", "mission__area", "mission__leader__expert",
            "letter__administration", "expert__administration",
        ).prefetch_related(
            "expert__accreditations__area", "expert__accreditations__category", "expert__service_periods", "confirmations",
            "seat__invitations__expert",
        )  # fmt: skip


class Invitation(Base, Stateful):
    """One person for one seat: from the shortlist to having taken part."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="all_invitations")
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="invitations")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="invitations")
    standing = models.CharField(_("standing"), max_length=12, choices=Standing)
    rank = models.PositiveSmallIntegerField(_("place in the order"), default=1)
    facts = models.JSONField(_("why"), default=list)
    passed_over_reason = models.TextField(_("reason for passing over the order"), blank=True)
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered informally"), null=True, blank=True)
    informal_note = models.TextField(_("what the expert said"), blank=True)
    letter = models.ForeignKey(Letter, models.PROTECT, null=True, blank=True, related_name="invitations")
    letter_ready_at = models.DateTimeField(_("letter handed to the Secretariat"), null=True, blank=True)
    letter_sent_at = models.DateTimeField(_("letter sent"), null=True, blank=True)
    replied_at = models.DateTimeField(_("administration answered"), null=True, blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    refusal_note = models.TextField(_("remark"), blank=True)
    other_name = models.CharField(_("officer proposed instead"), max_length=160, blank=True)
    other_email = models.EmailField(_("officer's e-mail address"), blank=True)
    other_note = models.TextField(_("what the officer is known for"), blank=True)
    grants_exception = models.BooleanField(_("grants the exception to the cap"), default=False)
    reply_scan = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    neutrality_at = models.DateTimeField(_("neutrality acknowledged"), null=True, blank=True)
    counts = models.BooleanField(_("days count against the cap"), default=True)
    counts_reason = models.CharField(_("why they count or not"), max_length=200, blank=True)
    notice_on = models.DateField(_("notice given on"), null=True, blank=True)
    end_note = models.TextField(_("remark"), blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        ordering = ["seat__position", "rank", "created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=InvitationState.values), name="invitation_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=WITH_HOME) | Q(letter_sent_at__isnull=False, letter__isnull=False),
                name="invitation_with_home_has_its_letter",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[I.APPROVED, I.REFUSED, I.CONDITIONS, I.OTHER_OFFICER])
                | Q(replied_at__isnull=False),
                name="answered_invitation_has_its_time",
            ),
            models.UniqueConstraint(
                fields=["mission", "expert"], condition=~Q(state__in=FINAL), name="one_open_invitation_per_mission"
            ),
            models.UniqueConstraint(fields=["seat"], condition=Q(state__in=FILLED), name="one_holder_per_seat"),
        ]

    def __str__(self) -> str:
        return f"{self.expert}, {self.mission}"

    @property
    def due_on(self) -> dt.date | None:
        """An answer to the letter is looked for by the day of the last reminder; nothing follows from silence (house setting)."""
        if self.state != I.LETTER_SENT or not self.letter_sent_at:
            return None
        return answer_hoped_by(day_of(self.letter_sent_at), self.seat.release_first)

    @property
    def history_parent_id(self) -> uuid.UUID:
        return self.mission_id

    def get_absolute_url(self) -> str:
        return reverse("missions:invitation", args=[self.pk])

    @property
    def is_candidate(self) -> bool:
        """Whether the mission's rules for candidates hold: listed candidates and first-step people (pitfall P8)."""
        return self.standing != Standing.ACCREDITED

    @property
    def bearer(self) -> str:
        """Who bears the cost: what was agreed or offered for the seat; else the WCO for fully accredited experts; else nobody yet."""
        return self.seat.bearer or ("" if self.is_candidate else Bearer.WCO)

    @property
    def bearer_label(self) -> str:
        return str(Bearer(self.bearer).label) if self.bearer else ""

    @property
    def inbox_words(self) -> dict[str, str]:
        return {
            "number": self.mission.number,
            "title": self.mission.title,
            "expert": self.expert.name,
            "beneficiary": str(self.mission.beneficiary),
            "administration": str(self.expert.administration),
        }


class Confirmation(Base):
    """A recorded yes of one party to a candidate or first-step expert on this mission (§3.1)."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="confirmations")
    party = models.CharField(_("party"), max_length=12, choices=ConfirmingParty)
    said_by = models.CharField(_("who said so"), max_length=160)
    said_on = models.DateField(_("when"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("confirmation")
        ordering = ["created_at"]
        constraints = [models.UniqueConstraint(fields=["invitation", "party"], name="one_yes_per_party")]

    def __str__(self) -> str:
        return f"{self.get_party_display()}: {self.said_by}"


class MaterialQuerySet(models.QuerySet["Material"]):
    def visible_to(self, user: Any) -> "MaterialQuerySet":
        """Whoever the mission is visible to; annexes of the report as the report itself."""
        annex = Q(kind=MaterialKind.ANNEX)
        return self.filter(mission__in=Mission.objects.visible_to(user)).filter(
            ~annex | Q(mission__report__in=Report.objects.visible_to(user))
        )

    def annexes(self) -> "MaterialQuerySet":
        return self.filter(kind=MaterialKind.ANNEX)

    def of_preparation(self) -> "MaterialQuerySet":
        return self.exclude(kind=MaterialKind.ANNEX)

    def with_files(self) -> "MaterialQuerySet":
        return self.select_related("file", "added_by", "mission")


class Material(Base):
    """A file of a mission: agenda, presentation, background, annex. Served only to those who may see it."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="materials")
    kind = models.CharField(_("kind"), max_length=12, choices=MaterialKind)
    title = models.CharField(_("title"), max_length=160)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = MaterialQuerySet.as_manager()

    class Meta:
        verbose_name = _("material")
        ordering = ["kind", "created_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def page_url(self) -> str:
        """The tab of the mission on which it stands."""
        tab = "missions:report" if self.kind == MaterialKind.ANNEX else "missions:preparation"
        return reverse(tab, args=[self.mission_id])


class ReportQuerySet(models.QuerySet["Report"]):
    def due(self) -> "ReportQuerySet":
        """Still to be written or completed."""
        return self.filter(state__in=[ReportState.DRAFT, ReportState.RETURNED])

    def overdue(self, today: dt.date) -> "ReportQuerySet":
        return self.due().filter(due_on__lt=today)

    def submitted(self) -> "ReportQuerySet":
        return self.filter(state=ReportState.SUBMITTED)

    def accepted(self) -> "ReportQuerySet":
        return self.filter(state=ReportState.ACCEPTED)

    def in_turn(self) -> "ReportQuerySet":
        """What is still to come, the oldest first; then what is to be read; then what is done, the newest first (wish W27)."""
        order = {ReportState.DRAFT: 0, ReportState.RETURNED: 0, ReportState.SUBMITTED: 1}
        whens = [models.When(state=state, then=models.Value(turn)) for state, turn in order.items()]
        waits = models.When(state__in=list(order), then=F("due_on"))
        found = self.annotate(turn=models.Case(*whens, default=models.Value(2)), waits=models.Case(waits, default=None))
        return found.order_by("turn", "waits", "-due_on")

    def visible_to(self, user: Any) -> "ReportQuerySet":
        """The offices and the team all; the beneficiary and the home administrations of the team once accepted."""
        if not user.is_authenticated:
            return self.none()
        if user.is_office:
            return self
        own = user.administration_ids()
        team = Invitation.objects.filter(state__in=FILLED)
        mine = team.filter(expert__user=user).values("mission_id")
        ours = team.filter(expert__administration__in=own).values("mission_id")
        accepted = Q(state=ReportState.ACCEPTED)
        return self.filter(Q(mission__in=mine) | accepted & (Q(mission__in=ours) | Q(mission__beneficiary__in=own)))

    def with_team(self) -> "ReportQuerySet":
        return self.select_related("mission__beneficiary", "mission__area", "mission__leader__expert").prefetch_related(
            "mission__seats__invitations__expert", "needs__area"
        )


class Report(Base, Stateful):
    """The mission report (§3.5): five sections and a free one, one per mission, submitted by the leader."""

    mission = models.OneToOneField(Mission, models.PROTECT, related_name="report")
    due_on = models.DateField(
        _("due"), help_text=_("A house setting, fixed with the end of the mission; the framework sets none.")
    )
    purpose = models.TextField(_("purpose of the mission"), blank=True)
    participants = models.TextField(_("profile of the participants"), blank=True)
    activities = models.TextField(_("main activities"), blank=True)
    feedback = models.TextField(_("initial feedback and outcomes"), blank=True)
    needs_note = models.TextField(_("future needs in general"), blank=True)
    other = models.TextField(_("anything else"), blank=True)
    deviations = models.TextField(_("deviations asked for by the donor"), blank=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    returned_note = models.TextField(_("what is asked for"), blank=True)
    document = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    history = HistoricalRecords()

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("mission report")
        ordering = ["due_on"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="report_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[ReportState.SUBMITTED, ReportState.ACCEPTED]) | Q(submitted_at__isnull=False),
                name="submitted_report_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Report on {self.mission}"

    @property
    def history_parent_id(self) -> uuid.UUID:
        return self.mission_id

    @property
    def page_key(self) -> uuid.UUID:
        """There is one report a mission, and its pages are the mission's."""
        return self.mission_id

    def get_absolute_url(self) -> str:
        return reverse("missions:report", args=[self.mission_id])

    @property
    def inbox_words(self) -> dict[str, str]:
        return self.mission.inbox_words


class FutureNeed(Base):
    """One row of a report's future needs: area, what, how soon; whole once the report is submitted. Counted in the gap analysis."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="needs")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    what = models.CharField(_("what is needed"), max_length=300, blank=True)
    urgency = models.CharField(_("how soon"), max_length=10, choices=Urgency, blank=True)

    class Meta:
        verbose_name = _("future need")
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.what

    @property
    def is_whole(self) -> bool:
        return bool(self.area_id and self.what.strip() and self.urgency)
