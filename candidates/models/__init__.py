"""The candidate list, nominations and their review, calls, and the path to accreditation (§1.1, §2.2(2))."""

from candidates.models.calls import Call, CalledMember, CallQuerySet
from candidates.models.listings import Listing, ListingQuerySet
from candidates.models.nominations import Attachment, Evidence, Judgement, Nomination, NominationQuerySet, Review
from candidates.models.path import FieldMission, FieldMissionQuerySet, WorkshopNominee, WorkshopNomineeQuerySet

__all__ = [
    "Attachment", "Call", "CallQuerySet", "CalledMember", "Evidence", "FieldMission", "FieldMissionQuerySet", "Judgement",
    "Listing", "ListingQuerySet", "Nomination", "NominationQuerySet", "Review", "WorkshopNominee", "WorkshopNomineeQuerySet",
]  # fmt: skip
