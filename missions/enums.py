from django.db import models
from django.utils.translation import gettext_lazy as _


class Party(models.TextChoices):
    """Who a person is to a mission: rights follow this, not the role alone (design, section 8)."""

    ROCB = "rocb", _("ROCB A/P")
    SECRETARIAT = "secretariat", _("WCO Secretariat")
    HOME = "home", _("home administration")
    BENEFICIARY = "beneficiary", _("beneficiary administration")
    EXPERT = "expert", _("expert")
    LEADER = "leader", _("team leader")
    TEAM = "team", _("team")


class RequestState(models.TextChoices):
    DRAFT = "draft", _("draft")
    FILED = "filed", _("filed")
    RETURNED = "returned", _("returned")
    CHECKED = "checked", _("checked")
    IN_PLAN = "in_plan", _("in the plan")
    WITHDRAWN = "withdrawn", _("withdrawn")


class MissionState(models.TextChoices):
    PLANNED = "planned", _("planned")
    SEARCHING = "searching", _("searching")
    INVITING = "inviting", _("inviting")
    PREPARING = "preparing", _("preparing")
    UNDER_WAY = "under_way", _("under way")
    COMPLETED = "completed", _("completed")
    REPORTED = "reported", _("reported")
    CLOSED = "closed", _("closed")
    CANCELLED = "cancelled", _("cancelled")


class InvitationState(models.TextChoices):
    SHORTLISTED = "shortlisted", _("on the shortlist")
    ASKED = "asked", _("asked informally")
    AVAILABLE = "available", _("available")
    OTHER_DATES = "other_dates", _("available on other dates")
    NOT_AVAILABLE = "not_available", _("not available")
    LETTER_SENT = "letter_sent", _("letter sent")
    CONDITIONS = "conditions", _("approved with conditions")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("not approved")
    CONDITIONS_DECLINED = "conditions_declined", _("conditions not accepted")
    OTHER_OFFICER = "other_officer", _("another officer proposed")
    SERVED = "served", _("took part")
    NO_SHOW = "no_show", _("did not come")
    STOOD_DOWN = "stood_down", _("stood down")
    WITHDRAWN = "withdrawn", _("withdrawn")
    NOT_NEEDED = "not_needed", _("not needed")


class ReportState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    ACCEPTED = "accepted", _("accepted")


class Mode(models.TextChoices):
    ON_SITE = "on_site", _("on site")
    REMOTE = "remote", _("remote")
    HYBRID = "hybrid", _("hybrid")


class BearsCost(models.TextChoices):
    """Whether the beneficiary bears cost: always asked, never preset, and "no" never counts against it (§3.3)."""

    YES = "yes", _("yes")
    PARTLY = "partly", _("partly")
    NO = "no", _("no")


class Financing(models.TextChoices):
    WCO = "wco", _("the WCO")
    DONOR = "donor", _("another institution or donor")
    BENEFICIARY = "beneficiary", _("the beneficiary administration")
    SHARED = "shared", _("shared")


class Bearer(models.TextChoices):
    """Who bears the cost of one seat (§3.3)."""

    WCO = "wco", _("the WCO")
    DONOR = "donor", _("another institution or donor")
    BENEFICIARY = "beneficiary", _("the beneficiary administration")
    HOME = "home", _("the home administration")


class MissionRole(models.IntegerChoices):
    MISSION = 1, _("WCO/ROCB mission (§3.1, first role)")
    PARTNER_PROJECT = 2, _("on behalf of the WCO/ROCB in another institution's project (§3.1, second role)")


class RequestOrigin(models.TextChoices):
    AD_HOC = "ad_hoc", _("ad hoc")
    SURVEY = "survey", _("needs survey")


class ConfirmingParty(models.TextChoices):
    """Who must say yes to a listed candidate or first-step expert on this mission (§3.1)."""

    SECRETARIAT = "secretariat", _("WCO Secretariat")
    ROCB = "rocb", _("ROCB A/P")
    BENEFICIARY = "beneficiary", _("beneficiary administration")
    DONOR = "donor", _("donor")


class MaterialKind(models.TextChoices):
    AGENDA = "agenda", _("agenda")
    PRESENTATION = "presentation", _("presentation")
    BACKGROUND = "background", _("background paper")
    ANNEX = "annex", _("annex to the report")


class Urgency(models.TextChoices):
    SOON = "soon", _("within a year")
    LATER = "later", _("later")
    WISH = "wish", _("if there is an occasion")
