from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """How an area stands, from the most urgent to the least; what nobody has told us about is unknown, not zero (§5.1)."""

    UNCOVERED = "uncovered", _("uncovered")
    BELOW_FLOOR = "below_floor", _("below floor")
    STRETCHED = "stretched", _("stretched")
    IN_BAND = "in_band", _("in band")
    COMFORTABLE = "comfortable", _("comfortable")
    NO_INFORMATION = "no_information", _("no information")

    @property
    def place(self) -> int:
        return list(Level).index(self)


class DemandOrigin(models.TextChoices):
    """Where a demand was stated (§3.4 step 1, §3.5, §5.2)."""

    SURVEY = "survey", _("needs survey")
    REQUEST = "request", _("request")
    MISSION = "mission", _("annual plan")
    REPORT = "report", _("future needs of a report")


class SurveyState(models.TextChoices):
    DRAFT = "draft", _("draft")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


class ResponseState(models.TextChoices):
    OPEN = "open", _("open")
    SUBMITTED = "submitted", _("submitted")
    EXCUSED = "excused", _("excused")


class QuestionKind(models.TextChoices):
    SHORT = "short", _("short text")
    LONG = "long", _("long text")
    NUMBER = "number", _("number")
    DATE = "date", _("date")
    ONE = "one", _("one of several")
    SEVERAL = "several", _("several of several")
    SCALE = "scale", _("scale of 1 to 5")


class NeedLevel(models.TextChoices):
    """The future need of an area; left empty it is unanswered, which is not “no need” (pitfall P43)."""

    NONE = "none", _("no need")
    LOW = "low", _("low")
    MEDIUM = "medium", _("medium")
    HIGH = "high", _("high")
    UNKNOWN = "unknown", _("we do not know")


class NeedKind(models.TextChoices):
    DIAGNOSTIC = "diagnostic", _("diagnostic")
    TRAINING = "training", _("training")
    ADVICE = "advice", _("advice")
    REMOTE = "remote", _("remote guidance")


class Half(models.TextChoices):
    """When in the plan year, July to June."""

    FIRST = "first", _("July to December")
    SECOND = "second", _("January to June")
    ANY = "any", _("any time")


class ProposalState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SENT = "sent", _("sent")
    ACCEPTED = "accepted", _("accepted")
    DEFERRED = "deferred", _("deferred")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Party(models.TextChoices):
    """Who a person is to a round, an answer or a proposal."""

    ROCB = "rocb", _("ROCB A/P")
    SECRETARIAT = "secretariat", _("WCO Secretariat")
    MEMBER = "member", _("member administration")
