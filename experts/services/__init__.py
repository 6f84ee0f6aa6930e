"""Every write of people's facts: records and availability, and the one ledger of days."""

from experts.services.accrediting import confirm_full, give_first_step, take_back_first_step
from experts.services.corrections import OF_ACCREDITATION, raise_correction, said_now
from experts.services.days import (
    check_days_are_free,
    check_past_service,
    correct_past_service,
    record_past_service,
    release_days,
    remove_past_service,
    reserve_days,
    set_counting,
    use_days,
)
from experts.services.merging import CHOSEN, merge_records, note_two_people, related_to
from experts.services.people import (
    add_person,
    add_unavailability,
    confirm_history,
    lock_experts,
    remove_unavailability,
)
from experts.services.profile import (
    CONTACT_SEEN,
    CV_ENDINGS,
    PROFILE_LINK,
    ask_to_confirm_profiles,
    confirm_profile,
    edit_profile,
    note_contact_seen,
)

__all__ = [
    "CHOSEN",
    "CONTACT_SEEN",
    "CV_ENDINGS",
    "OF_ACCREDITATION",
    "PROFILE_LINK",
    "add_person",
    "add_unavailability",
    "ask_to_confirm_profiles",
    "check_days_are_free",
    "check_past_service",
    "confirm_full",
    "confirm_history",
    "confirm_profile",
    "correct_past_service",
    "edit_profile",
    "give_first_step",
    "lock_experts",
    "merge_records",
    "note_contact_seen",
    "note_two_people",
    "raise_correction",
    "record_past_service",
    "related_to",
    "release_days",
    "remove_past_service",
    "remove_unavailability",
    "reserve_days",
    "said_now",
    "set_counting",
    "take_back_first_step",
    "use_days",
]  # fmt: skip
