"""Every write of people's facts: records and availability, and the one ledger of days."""

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
from experts.services.people import (
    add_person,
    add_unavailability,
    confirm_history,
    lock_experts,
    remove_unavailability,
)

__all__ = [
    "add_person", "add_unavailability", "check_days_are_free", "check_past_service", "confirm_history",
    "correct_past_service", "lock_experts", "record_past_service", "release_days", "remove_past_service",
    "remove_unavailability", "reserve_days", "set_counting", "use_days",
]  # fmt: skip
