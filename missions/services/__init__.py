"""Every write of part III that obeys a rule (§3.1–§3.5), a module for each stretch of the seven steps.

Locks are taken in this order: experts, mission, invitations, letter, counter.
"""

from collections.abc import Callable
from typing import Any

from missions.services.answers import (
    accept_conditions,
    answer_by_link,
    answer_letter,
    decline_conditions,
    record_no_show,
    revoke_letter,
    stand_down,
    withdraw_invitation,
)
from missions.services.letters import (
    LETTER_LINK,
    discard_letter,
    edit_letter,
    keep_letter_document,
    prepare_letter,
    record_bearer,
    record_confirmation,
    remind_letters,
    send_letter,
    set_counting,
)
from missions.services.missions import add_material, cancel_mission, decide_team, prepare, record_end, remove_material
from missions.services.plan import plan_label, plan_year_of
from missions.services.reports import accept_report, keep_report_document, save_report
from missions.services.requests import draft_request, edit_request, enter_in_plan, file_request, keep_request_letter
from missions.services.search import CONSULTATION_ANSWERS, CONSULTATION_LINK, answer_consultation, shortlist
from missions.services.seats import add_seat, default_release, drop_seat, edit_seat, shape_mission

# Rows of the tables that write more than a state; all others go through `perform`.
INVITATION_ACTIONS: dict[str, Callable[..., Any]] = {
    "accept_conditions": accept_conditions,
    "decline_conditions": decline_conditions,
    "withdraw": withdraw_invitation,
    "stand_down": stand_down,
    "record_no_show": record_no_show,
}
MISSION_ACTIONS: dict[str, Callable[..., Any]] = {"decide_team": decide_team, "cancel": cancel_mission}
REPORT_ACTIONS: dict[str, Callable[..., Any]] = {"accept": accept_report}

__all__ = [
    "CONSULTATION_ANSWERS",
    "CONSULTATION_LINK",
    "INVITATION_ACTIONS",
    "LETTER_LINK",
    "MISSION_ACTIONS",
    "REPORT_ACTIONS",
    "accept_conditions",
    "accept_report",
    "add_material",
    "add_seat",
    "answer_by_link",
    "answer_consultation",
    "answer_letter",
    "cancel_mission",
    "decide_team",
    "decline_conditions",
    "default_release",
    "discard_letter",
    "draft_request",
    "drop_seat",
    "edit_letter",
    "edit_request",
    "edit_seat",
    "enter_in_plan",
    "file_request",
    "keep_letter_document",
    "keep_report_document",
    "keep_request_letter",
    "plan_label",
    "plan_year_of",
    "prepare",
    "prepare_letter",
    "record_bearer",
    "record_confirmation",
    "record_end",
    "record_no_show",
    "remind_letters",
    "remove_material",
    "revoke_letter",
    "save_report",
    "send_letter",
    "set_counting",
    "shape_mission",
    "shortlist",
    "stand_down",
    "withdraw_invitation",
]
