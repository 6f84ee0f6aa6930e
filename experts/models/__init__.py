"""Areas and categories, experts with their dated accreditations and availability, the ledger of days, the mirror of ACE."""

from experts.models.areas import Area, AreaCategory, AreaPriority, AreaQuerySet, Category
from experts.models.days import ServicePeriod, ServicePeriodQuerySet
from experts.models.people import (
    Accreditation,
    AccreditationWorkshop,
    Expert,
    ExpertLanguage,
    ExpertQuerySet,
    Publication,
    Unavailability,
)
from experts.models.pool import PoolSnapshot, PoolSnapshotRow
from experts.models.register import CorrectionRequest, CorrectionRequestQuerySet, MergedRecord, NotDuplicate

__all__ = [
    "Accreditation", "AccreditationWorkshop", "Area", "AreaCategory", "AreaPriority", "AreaQuerySet", "Category",
    "CorrectionRequest", "CorrectionRequestQuerySet", "Expert", "ExpertLanguage", "ExpertQuerySet", "MergedRecord",
    "NotDuplicate", "PoolSnapshot", "PoolSnapshotRow", "Publication", "ServicePeriod", "ServicePeriodQuerySet",
    "Unavailability",
]  # fmt: skip
