"""Every write of Part V."""

from gap_analysis.services.priorities import end_priority, state_priority
from gap_analysis.services.proposals import (
    PROPOSAL_ACTIONS,
    compose_again,
    keep_documents,
    propose,
    save_proposal,
    send_proposal,
)
from gap_analysis.services.scenarios import delete_scenario, rename_scenario, save_scenario
from gap_analysis.services.snapshots import build, give_up_lost_builds, keep_report, publish, start_build
from gap_analysis.services.survey import (
    RESPONSE_ACTIONS,
    SURVEY_ACTIONS,
    add_question,
    ask_for_summary,
    drop_question,
    edit_question,
    edit_survey,
    excuse,
    give_grace,
    move_question,
    new_survey,
    note_call,
    open_survey,
    remind,
    remind_due,
    reopen_survey,
    request_from,
    save_answers,
    submit_response,
    summarise,
)

__all__ = [
    "PROPOSAL_ACTIONS", "RESPONSE_ACTIONS", "SURVEY_ACTIONS", "add_question", "ask_for_summary", "build",
    "compose_again", "delete_scenario", "drop_question", "edit_question", "edit_survey", "end_priority", "excuse",
    "give_grace", "give_up_lost_builds", "keep_documents", "keep_report", "move_question", "new_survey", "note_call",
    "open_survey", "propose", "publish", "remind", "remind_due", "rename_scenario", "reopen_survey", "request_from",
    "save_answers", "save_proposal", "save_scenario", "send_proposal", "start_build", "state_priority",
    "submit_response", "summarise",
]  # fmt: skip
