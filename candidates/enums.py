from django.db import models
from django.utils.translation import gettext_lazy as _


class Party(models.TextChoices):
    """Who a person is to a nomination or to somebody on the path to accreditation."""

    ROCB = "rocb", _("ROCB A/P")
    SECRETARIAT = "secretariat", _("WCO Secretariat")
    NOMINATOR = "nominator", _("nominator")
    HOME = "home", _("home administration")
    NOMINEE = "nominee", _("nominee")
    MEMBER = "member", _("member administration")


class Origin(models.TextChoices):
    """Who brought the person to the list (pitfall P13)."""

    ADMINISTRATION = "administration", _("recommended by the home administration")
    CENTRE = "centre", _("recommended by a training centre")
    ROCB = "rocb", _("known to ROCB")


class NominationState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    LISTED = "listed", _("listed")
    NOT_LISTED = "not_listed", _("not listed")
    OBJECTED = "objected", _("objected")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Requirement(models.IntegerChoices):
    """The four requirements of §2.2(2), which hold together (pitfall P12)."""

    EXPERTISE = 1, _("Expertise in customs topics")
    ENGLISH = 2, _("Fluency in English")
    CAPACITY_BUILDING = 3, _("Experience in capacity building")
    WCO = 4, _("Experience or knowledge of the WCO and its instruments and tools")


class Verdict(models.TextChoices):
    MET = "met", _("met")
    NOT_MET = "not_met", _("not met")
    MORE_ASKED = "more_asked", _("more asked")


class LeftKind(models.TextChoices):
    """Why a line of the list ended."""

    ACCREDITED = "accredited", _("accredited in this area")
    WISH = "wish", _("at the wish of the person or the administration")
    OBJECTED = "objected", _("the home administration objected")
    LAPSED = "lapsed", _("not confirmed in time")
    OTHER = "other", _("another reason")


class Strength(models.TextChoices):
    """How well it is shown that somebody on the list meets the four requirements."""

    FOUR_MET = "four_met", _("all four requirements met")
    WAIVER = "waiver", _("listed with a reason, not all four met")
    BEFORE = "before", _("listed without a review here")


class CallState(models.TextChoices):
    DRAFT = "draft", _("draft")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")
    DROPPED = "dropped", _("put away")


class CallAnswer(models.TextChoices):
    NOMINATES = "nominates", _("nominates")
    NOBODY = "nobody", _("nobody to nominate")


class NomineeState(models.TextChoices):
    PUT_FORWARD = "put_forward", _("put forward")
    INVITED = "invited", _("invited")
    PASSED = "passed", _("passed")
    NOT_PASSED = "not_passed", _("not passed")
    TO_REPEAT = "to_repeat", _("to repeat")
    ABSENT = "absent", _("did not come")
    NOT_INVITED = "not_invited", _("not invited")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Assessment(models.TextChoices):
    """The assessor's word on a field mission (T2 note 2)."""

    PASSED = "passed", _("passed")
    ANOTHER = "another", _("another field mission needed")
