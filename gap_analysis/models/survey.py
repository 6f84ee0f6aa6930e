"""The yearly needs survey: rounds with their questions, and what each member answers (§5.2)."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.clock import day_of
from core.models import Base, Stateful, Versioned
from experts.models import Area
from gap_analysis.enums import Half, NeedLevel, QuestionKind, ResponseState, SurveyState
from members.enums import Party
from members.models import Administration
from missions.models import CapacityRequest, plan_label


class SurveyQuerySet(models.QuerySet["Survey"]):
    def visible_to(self, user: Any) -> "SurveyQuerySet":
        """ROCB all; the Secretariat and the administrations what was opened."""
        if not user.is_authenticated:
            return self.none()
        if user.is_rocb:
            return self
        if user.is_office or Party.ADMINISTRATION in user.parties:
            return self.exclude(state=SurveyState.DRAFT)
        return self.none()


class Survey(Base, Stateful):
    """A round of the survey, about the needs of one plan year. A new round copies the last one."""

    title = models.CharField(_("title"), max_length=160)
    year = models.PositiveSmallIntegerField(
        _("plan year asked about"), help_text=_("The year in which it begins, July to June.")
    )
    text = models.TextField(_("what members read first"), blank=True)
    due = models.DateField(_("answers wished by"))
    areas = models.ManyToManyField(Area, related_name="surveys", verbose_name=_("areas asked about"))
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("round of the needs survey")
        verbose_name_plural = _("rounds of the needs survey")
        ordering = ["-year", "-created_at"]
        constraints = [models.CheckConstraint(condition=Q(state__in=SurveyState.values), name="survey_state_known")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("gap_analysis:survey", args=[self.pk])

    @property
    def year_label(self) -> str:
        return plan_label(self.year)

    @property
    def inbox_words(self) -> dict[str, str]:
        return {"title": self.title, "year": self.year_label}


class Question(Base):
    """An open question of a round. Once somebody has answered it, a new wording is a new row that replaces it."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    text = models.CharField(_("question"), max_length=300)
    help = models.CharField(_("help"), max_length=300, blank=True)
    kind = models.CharField(_("kind of answer"), max_length=10, choices=QuestionKind)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    required = models.BooleanField(_("has to be answered"), default=False)
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replaced_by")
    retired_at = models.DateTimeField(_("no longer asked since"), null=True, blank=True)

    class Meta:
        verbose_name = _("question")
        ordering = ["order", "created_at"]

    def __str__(self) -> str:
        return self.text


class ResponseQuerySet(models.QuerySet["Response"]):
    def visible_to(self, user: Any) -> "ResponseQuerySet":
        """The offices all; an administration its own: no member reads another's answers (design, section 8)."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_office else self.filter(administration__in=user.administration_ids())


class Response(Base, Stateful):
    """One member's answer to a round, filled in over days by several colleagues."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="responses", verbose_name=_("round"))
    administration = models.ForeignKey(
        Administration, models.PROTECT, related_name="survey_responses", verbose_name=_("administration")
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    grace_until = models.DateField(_("may answer until"), null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(_("reminders sent"), default=0)
    reminded_on = models.DateField(_("last reminded"), null=True, blank=True)
    note = models.TextField(_("ROCB's note"), blank=True)
    history = HistoricalRecords()

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to the survey")
        verbose_name_plural = _("answers to the survey")
        ordering = ["administration__name"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "administration"], name="one_response_per_member_and_round"),
            models.CheckConstraint(condition=Q(state__in=ResponseState.values), name="response_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.survey}: {self.administration}"

    def get_absolute_url(self) -> str:
        return reverse("gap_analysis:response", args=[self.pk])

    @property
    def due(self) -> dt.date:
        return self.grace_until or self.survey.due

    @property
    def is_late(self) -> bool:
        return self.submitted_at is not None and day_of(self.submitted_at) > self.due

    @property
    def inbox_words(self) -> dict[str, str]:
        return {"title": self.survey.title, "administration": str(self.administration)}


class AreaAnswer(Base, Versioned):
    """What a member says of one area: expertise it has, and the need it expects. Empty is unanswered."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="area_answers")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    experts = models.PositiveSmallIntegerField(_("experts you have"), null=True, blank=True)
    names = models.TextField(_("their names"), blank=True)
    need = models.CharField(_("future need"), max_length=10, choices=NeedLevel, blank=True)
    weeks = models.DecimalField(_("expert-weeks"), max_digits=5, decimal_places=1, null=True, blank=True)
    kinds = models.JSONField(_("kind of support"), default=list, blank=True)
    half = models.CharField(_("when"), max_length=10, choices=Half, blank=True)
    hosts = models.BooleanField(_("ready to host"), null=True, blank=True)
    bears_cost = models.BooleanField(_("ready to bear cost"), null=True, blank=True)
    lends = models.BooleanField(_("ready to lend an expert"), null=True, blank=True)
    note = models.TextField(_("remark"), blank=True)
    request = models.ForeignKey(
        CapacityRequest,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="survey_answers",
        verbose_name=_("request"),
    )

    class Meta:
        verbose_name = _("answer about an area")
        verbose_name_plural = _("answers about areas")
        ordering = ["area__order"]
        constraints = [
            models.UniqueConstraint(fields=["response", "area"], name="one_answer_per_area"),
            models.CheckConstraint(condition=Q(need__in=["", *NeedLevel.values]), name="need_known"),
        ]

    def __str__(self) -> str:
        return f"{self.response}: {self.area}"


class QuestionAnswer(Base, Versioned):
    """A member's answer to an open question, as it was worded when answered."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="question_answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    value = models.JSONField(_("answer"), null=True, blank=True)

    class Meta:
        verbose_name = _("answer to a question")
        verbose_name_plural = _("answers to questions")
        constraints = [models.UniqueConstraint(fields=["response", "question"], name="one_answer_per_question")]

    def __str__(self) -> str:
        return f"{self.response}: {self.question}"
