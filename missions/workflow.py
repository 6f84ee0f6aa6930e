"""The four tables: request, mission, invitation, report (§3.4, §3.5). Everything that shows or moves a state reads them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.workflow import STAYS, Ask, Machine, State, Transition
from missions import guards
from missions.enums import InvitationState as I
from missions.enums import MissionState as M
from missions.enums import Party
from missions.enums import ReportState as P
from missions.enums import RequestState as R

ROCB = frozenset({Party.ROCB})
SECRETARIAT = frozenset({Party.SECRETARIAT})
OFFICES = ROCB | SECRETARIAT
HOME = frozenset({Party.HOME})
BENEFICIARY = frozenset({Party.BENEFICIARY})
EXPERT = frozenset({Party.EXPERT})
LEADER = frozenset({Party.LEADER})


@dataclass(frozen=True, slots=True)
class Step:
    """One of the seven steps of §3.4, and the report of §3.5 as the eighth."""

    n: int
    title: Any
    says: Any


STEPS = (
    Step(1, _("Request"), _("received and entered in the annual plan")),
    Step(2, _("Search"), _("own experts first, then the pool, with the other office")),
    Step(3, _("Consultation"), _("experts informally asked whether they are available")),
    Step(4, _("Letter"), _("from the Secretariat to the home administration")),
    Step(5, _("Answer"), _("of the home administration")),
    Step(6, _("Team"), _("only if needed: leader named, experts contacted")),
    Step(7, _("Mission"), _("in preparation, then carried out")),
    Step(8, _("Report"), _("submitted and accepted")),
)

NOTE = Ask("note", _("Note"), required=False)

REQUEST = Machine(
    name="request",
    title=_("Request for capacity building"),
    initial=R.DRAFT,
    states=(
        State(R.DRAFT, _("draft"), "neutral", 1),
        State(R.FILED, _("filed with ROCB"), "info", 1),
        State(R.RETURNED, _("returned for completion"), "warn", 1),
        State(R.CHECKED, _("checked by ROCB"), "info", 1),
        State(R.IN_PLAN, _("in the annual plan"), "good", 1, final=True),
        State(R.WITHDRAWN, _("withdrawn"), "neutral", 1, final=True),
    ),
    transitions=(
        Transition(
            "write", _("Write the request"), (R.DRAFT, R.RETURNED), STAYS, BENEFICIARY, 1,
            done=_("Request written"),
            page="missions:request-edit", hidden=True, tone="primary", inbox_if=guards.is_unfinished, button=_("Go on with it"),
            inbox=_("Go on with your request “{title}”"),
        ),
        Transition(
            "file", _("Send the request to ROCB"), (R.DRAFT, R.RETURNED), R.FILED, BENEFICIARY, 1,
            done=_("Request sent to ROCB"),
            guards=(guards.answers_complete, guards.dates_lie_ahead), stamps="filed_at", tone="primary", page="missions:request-file",
            effects=("request_letter", "request_filed"), inbox_button=_("Finish it"), inbox=_("Finish and send your request “{title}”"),
            explains=_("ROCB checks it and passes it on to the Secretariat. A letter to the Secretariat is drawn up as PDF."),
        ),
        Transition(
            "check", _("Pass it to the Secretariat"), (R.FILED,), R.CHECKED, ROCB, 1,
            done=_("Request passed to the Secretariat"),
            asks=(Ask("check_note", _("Remark for the Secretariat"), required=False),), stamps="checked_at", tone="primary",
            effects=("request_checked",), inbox_button=_("Read it"), read_first=True,
            inbox=_("Check the request of {beneficiary}: {title}"),
            explains=_("The Secretariat is asked to enter it in the annual plan."),
        ),
        Transition(
            "return", _("Return it for completion"), (R.FILED,), R.RETURNED, ROCB, 1,
            done=_("Request returned for completion"),
            asks=(Ask("returned_note", _("What is missing or unclear?"), told=True),), effects=("request_returned",),
            explains=_("The administration gets your words by e-mail and can correct and send it again."),
        ),
        Transition(
            "enter_in_plan", _("Enter it in the annual plan"), (R.CHECKED,), R.IN_PLAN, SECRETARIAT, 1,
            done=_("Request entered in the annual plan"),
            stamps="planned_at", tone="primary", page="missions:plan-entry", effects=("request_planned",),
            inbox_button=_("Enter it"), inbox=_("Enter the request of {beneficiary} in the annual plan: {title}"),
            explains=_("A mission is opened and the search can begin."),
        ),
        Transition(
            "withdraw", _("Withdraw the request"), (R.DRAFT, R.FILED, R.RETURNED, R.CHECKED), R.WITHDRAWN, BENEFICIARY, 1,
            done=_("Request withdrawn"),
            on_behalf=ROCB, asks=(NOTE,), explains=_("Nothing further happens with it. No reason is needed."),
        ),
    ),
)  # fmt: skip

MISSION = Machine(
    name="mission",
    title=_("Mission"),
    initial=M.PLANNED,
    states=(
        State(M.PLANNED, _("planned"), "neutral", 2),
        State(M.SEARCHING, _("searching experts"), "info", 2),
        State(M.INVITING, _("inviting experts"), "info", 3),
        State(M.PREPARING, _("in preparation"), "info", 7),
        State(M.UNDER_WAY, _("under way"), "good", 7),
        State(M.COMPLETED, _("carried out, report due"), "warn", 8),
        State(M.REPORTED, _("reported"), "good", 8),
        State(M.CLOSED, _("closed"), "good", 9, final=True),
        State(M.CANCELLED, _("cancelled"), "bad", 0, final=True),
    ),
    transitions=(
        Transition(
            "look_at_own_experts", _("Record the look at the Secretariat's own experts"), (M.PLANNED,), M.SEARCHING,
            SECRETARIAT, 2, on_behalf=ROCB, stamps="own_experts_at", tone="primary", private=True,
            done=_("The Secretariat's own experts were looked at"),
            asks=(Ask("own_experts_note", _("Who was looked at, and why the region's experts are asked"), told=True),),
            inbox_button=_("Record it"), inbox=_("Look at the Secretariat's own experts first: {number} {title}"),
            explains=_("Only then is the pool searched (§3.4, step 2)."),
        ),
        Transition(
            "shortlist", _("Put an expert on the shortlist"), (M.SEARCHING, M.INVITING), STAYS, OFFICES, 2,
            done=_("Expert put on the shortlist"),
            page="missions:search", button=_("Find experts"), tone="primary", private=True, inbox_if=guards.has_empty_seat,
            inbox=_("Find experts for {number}: {title}, {beneficiary}"),
        ),
        Transition(
            "consult_other_office", _("Record the consultation of the other office"), (M.SEARCHING,), STAYS, OFFICES, 2,
            done=_("The other office was consulted"),
            asks=(Ask("consultation_note", _("Who was consulted, and what came of it"), told=True),), stamps="consulted_at", once=True,
            private=True, inbox_button=_("Record it"), inbox=_("Consult the other office about the shortlist of {number}"),
        ),
        Transition(
            "finalise_shortlist", _("The shortlist is final"), (M.SEARCHING,), M.INVITING, OFFICES, 2, tone="primary",
            done=_("Shortlist closed"),
            guards=(guards.own_experts_looked_at, guards.other_office_consulted, guards.every_seat_has_somebody),
            private=True, inbox_button=_("Close it"), inbox=_("Close the shortlist of {number} and begin to ask"),
            explains=_("The experts on it can then be asked informally."),
        ),
        Transition(
            "decide_team", _("Decide on the team"), (M.INVITING,), M.PREPARING, OFFICES, 6, tone="primary",
            done=_("Team decided on"),
            guards=(guards.every_seat_filled,), stamps="team_decided_at", inbox_button=_("Decide"),
            inbox=_("All approved: decide on the team of {number}"),
            asks=(
                Ask("team_needed", _("Is a facilitator team needed?"), "yes_no",
                    help=_("Step 6 is taken only if it is needed (§3.4). A single expert leads alone.")),
                Ask("leader", _("Who leads"), "choice", options=guards.team_options),
                Ask("team_note", _("Reason"), required=False),
            ),
            explains=_("The preparation begins."),
        ),
        Transition(
            "write_to_team", _("Write formally to the experts"), (M.PREPARING,), STAYS, OFFICES | LEADER, 6,
            done=_("Experts formally written to"),
            asks=(Ask("contact_message", _("Your message to the experts")),), stamps="contact_at", once=True,
            effects=("team_contact",), inbox_if=guards.team_is_needed, inbox_button=_("Write"), inbox=_("Write to the team of {number}"),
            explains=_("It goes to every approved expert, with the home administrations in copy."),
        ),
        Transition(
            "prepare", _("Write the terms of reference and the agenda"), (M.PREPARING,), STAYS,
            OFFICES | LEADER, 7, page="missions:preparation", button=_("Prepare"), inbox_if=guards.brief_is_missing,
            done=_("Terms of reference and agenda written"),
            inbox=_("Write the terms of reference and the agenda of {number}"),
        ),
        Transition(
            "record_start", _("Record that the mission has begun"), (M.PREPARING,), M.UNDER_WAY, OFFICES | LEADER, 7,
            done=_("Mission begun"),
            guards=(guards.has_leader, guards.terms_complete, guards.agenda_written, guards.neutrality_acknowledged),
            asks=(Ask("actual_first_day", _("First day of the mission"), "date", check=guards.start_is_plausible),), tone="primary",
            inbox_if=guards.begins_by_today, inbox_button=_("Record it"), inbox=_("Has {number} begun? Record its first day"),
        ),
        Transition(
            "record_end", _("Record that the mission has ended"), (M.UNDER_WAY,), M.COMPLETED, OFFICES | LEADER, 7,
            done=_("Mission ended"),
            page="missions:record-end", tone="primary", inbox_if=guards.ends_by_today, effects=("report_due",),
            inbox_button=_("Record it"), inbox=_("Has {number} ended? Record the actual days"),
            explains=_("The days away become used days in the ledger, and the report falls due."),
        ),
        Transition(
            "mark_reported", _("Report accepted"), (M.COMPLETED,), M.REPORTED, OFFICES, 8, consequence=True,
            done=_("Mission reported"),
        ),
        Transition("reopen_seat", _("A seat is open again"), (M.INVITING, M.PREPARING), M.INVITING, OFFICES | HOME, 5, consequence=True),
        Transition(
            "close", _("Close the mission"), (M.REPORTED,), M.CLOSED, OFFICES, 8, tone="primary", asks=(NOTE,),
            done=_("Mission closed"),
            inbox_button=_("Look and close"), read_first=True, inbox=_("Everything is in: close {number}"),
        ),
        Transition(
            "cancel", _("Cancel the mission"), (M.PLANNED, M.SEARCHING, M.INVITING, M.PREPARING, M.UNDER_WAY), M.CANCELLED,
            OFFICES, tone="danger",
            done=_("Mission cancelled"),
            asks=(
                Ask("cancel_reason", _("Reason, as the parties will read it"), told=True),
                Ask("notice_on", _("When notice was given"), "date", required=False),
            ),
            effects=("mission_cancelled",),
            explains=_("Reserved days are set free, open letters are revoked, and everybody who was asked is told."),
        ),
    ),
)  # fmt: skip

INVITATION = Machine(
    name="invitation",
    title=_("Invitation"),
    initial=I.SHORTLISTED,
    states=(
        State(I.SHORTLISTED, _("on the shortlist"), "neutral", 3),
        State(I.ASKED, _("asked informally"), "info", 3),
        State(I.AVAILABLE, _("said available"), "good", 4),
        State(I.OTHER_DATES, _("available on other dates"), "warn", 3),
        State(I.NOT_AVAILABLE, _("not available"), "neutral", 3),
        State(I.LETTER_SENT, _("letter sent, no answer yet"), "info", 5),
        State(I.CONDITIONS, _("approved with conditions"), "warn", 5),
        State(I.APPROVED, _("approved"), "good", 6),
        State(I.REFUSED, _("not approved"), "bad", 5, final=True),
        State(I.CONDITIONS_DECLINED, _("conditions not accepted"), "neutral", 5, final=True),
        State(I.OTHER_OFFICER, _("another officer proposed"), "warn", 5, final=True),
        State(I.SERVED, _("took part"), "good", 8, final=True),
        State(I.NO_SHOW, _("did not come"), "bad", 7, final=True),
        State(I.STOOD_DOWN, _("stood down"), "neutral", 5, final=True),
        State(I.WITHDRAWN, _("withdrawn"), "neutral", 3, final=True),
        State(I.NOT_NEEDED, _("not needed"), "neutral", 3, final=True),
    ),
    transitions=(
        Transition(
            "ask", _("Ask informally"), (I.SHORTLISTED, I.OTHER_DATES, I.NOT_AVAILABLE), I.ASKED, OFFICES, 3, tone="primary",
            done=_("Asked informally"),
            guards=(guards.shortlist_is_final, guards.seat_is_free), stamps="asked_at", effects=("consultation",), private=True,
            asks=(Ask("note", _("A word to the expert"), required=False),),
            inbox_button=_("Ask"), inbox=_("Ask {expert} informally about {number}"),
            explains=_("An e-mail with a personal link goes to the expert; it commits nobody and the administration does not see it."),
        ),
        Transition(
            "answer_available", _("Available"), (I.ASKED, I.OTHER_DATES), I.AVAILABLE, EXPERT, 3, on_behalf=OFFICES,
            done=_("Said to be available"),
            asks=(Ask("informal_note", _("Anything to add"), required=False),), stamps="answered_at", private=True,
            effects=("consultation_answered",),
            page="missions:consultation", button=_("Answer"), tone="primary",
            inbox=_("Say whether you are available: {title}, {beneficiary}"),
        ),
        Transition(
            "answer_other_dates", _("Available on other dates"), (I.ASKED,), I.OTHER_DATES, EXPERT, 3, on_behalf=OFFICES,
            done=_("Said to be available on other dates"),
            asks=(Ask("informal_note", _("Which dates would do")),), stamps="answered_at", private=True,
            effects=("consultation_answered",), hidden=True,
        ),
        Transition(
            "answer_not_available", _("Not available"), (I.ASKED, I.OTHER_DATES), I.NOT_AVAILABLE, EXPERT, 3, on_behalf=OFFICES,
            done=_("Said not to be available"),
            asks=(Ask("informal_note", _("Anything to add"), required=False),), stamps="answered_at", private=True,
            effects=("consultation_answered",), hidden=True,
        ),
        Transition(
            "record_agreements", _("Record who agreed"), (I.AVAILABLE,), STAYS, OFFICES, 4, private=True,
            done=_("Agreement recorded"),
            page="missions:agreements", button=_("Confirmations and cost"), inbox_if=guards.agreements_missing,
            inbox_button=_("Record it"), inbox=_("Record who has agreed to {expert} and who bears the cost ({number})"),
        ),
        Transition(
            "prepare_letter", _("Prepare the letter"), (I.AVAILABLE,), STAYS, OFFICES, 4, once=True,
            done=_("Letter prepared"),
            guards=(guards.seat_is_free, guards.parties_confirmed, guards.bearer_known), stamps="letter_ready_at", private=True,
            page="missions:letter-for",
            inbox_button=_("Prepare it"), inbox=_("Prepare the letter to {administration} about {expert} ({number})"),
        ),
        Transition(
            "send_letter", _("Send the letter"), (I.AVAILABLE,), I.LETTER_SENT, SECRETARIAT, 4, tone="primary",
            done=_("Letter sent"),
            guards=(
                guards.letter_prepared, guards.seat_is_free, guards.bearer_known, guards.parties_confirmed,
                guards.release_is_free, guards.fits_cap_or_asks_exception,
            ),
            stamps="letter_sent_at", page="missions:letter-for", button=_("Read and send the letter"),
            inbox=_("Send the letter to {administration} about {expert} ({number})"),
        ),
        Transition(
            "answer_yes", _("Approved"), (I.LETTER_SENT,), I.APPROVED, HOME, 5, on_behalf=ROCB, tone="primary",
            guards=(guards.letter_open, guards.seat_is_free), stamps="replied_at", page="missions:answer",
            button=_("Answer the letter"), due="due_on", effects=("reply_received", "expert_approved"),
            inbox=_("Answer the letter about {expert}: {title}, {beneficiary}"),
        ),
        Transition(
            "answer_conditions", _("Approved with conditions"), (I.LETTER_SENT,), I.CONDITIONS, HOME, 5, on_behalf=ROCB,
            guards=(guards.letter_open, guards.seat_is_free), asks=(Ask("conditions", _("Your conditions")),),
            stamps="replied_at", hidden=True, effects=("reply_received",),
        ),
        Transition(
            "answer_no", _("Not approved"), (I.LETTER_SENT,), I.REFUSED, HOME, 5, on_behalf=ROCB, guards=(guards.letter_open,),
            asks=(Ask("refusal_note", _("Remark"), required=False),), stamps="replied_at", hidden=True,
            effects=("reply_received", "expert_not_approved"),
        ),
        Transition(
            "answer_other_officer", _("Another officer proposed"), (I.LETTER_SENT,), I.OTHER_OFFICER, HOME, 5, on_behalf=ROCB,
            guards=(guards.letter_open,), stamps="replied_at", hidden=True, effects=("reply_received", "expert_not_approved"),
            asks=(
                Ask("other_name", _("Name of the officer"), "text"),
                Ask("other_email", _("E-mail address"), "email", required=False),
                Ask("other_note", _("What the officer is known for"), required=False),
            ),
        ),
        Transition(
            "chase", _("Note a call to the administration"), (I.LETTER_SENT,), STAYS, ROCB, 5, private=True,
            done=_("Call to the administration noted"),
            asks=(Ask("note", _("With whom, and what was said")),), due="due_on", inbox_if=guards.reply_is_overdue,
            inbox_button=_("Note a call"), inbox=_("No answer from {administration} about {expert} ({number}): call them"),
            explains=_("Silence stays silence: nothing is decided by it, and a late answer counts."),
        ),
        Transition(
            "accept_conditions", _("Accept the conditions"), (I.CONDITIONS,), I.APPROVED, OFFICES, 5, tone="primary",
            done=_("Conditions accepted"),
            guards=(guards.seat_is_free,), asks=(NOTE,), effects=("conditions_accepted", "expert_approved"),
            inbox_button=_("Read them"), read_first=True, inbox=_("Decide on the conditions of {administration} about {expert} ({number})"),
        ),
        Transition(
            "decline_conditions", _("The conditions cannot be met"), (I.CONDITIONS,), I.CONDITIONS_DECLINED, OFFICES, 5,
            done=_("Conditions not accepted"),
            asks=(Ask("note", _("What the administration will read")),), effects=("conditions_declined", "expert_not_approved"),
            explains=_("The days are set free and the seat is open again."),
        ),
        Transition(
            "withdraw", _("Withdraw"), (I.SHORTLISTED, I.ASKED, I.AVAILABLE, I.OTHER_DATES, I.LETTER_SENT, I.CONDITIONS),
            I.WITHDRAWN, OFFICES, 3, asks=(NOTE,), effects=("invitation_withdrawn",),
            done=_("Invitation withdrawn"),
            explains=_("Whoever was asked or written to is told; a letter's link ends and reserved days are set free."),
        ),
        Transition(
            "acknowledge_neutrality", _("I act for the WCO, not for my administration"), (I.APPROVED,), STAYS, EXPERT, 7,
            done=_("Acknowledged to act for the WCO"),
            stamps="neutrality_at", once=True, tone="primary", button=_("Read and acknowledge"),
            inbox=_("Acknowledge that you act for the WCO on {number}"),
            explains=_(
                "While serving on this mission I speak for the WCO. I may draw on the experience of my own administration, in a "
                "balanced and neutral way (§3.2)."
            ),
        ),
        Transition(
            "stand_down", _("Stand the expert down"), (I.APPROVED,), I.STOOD_DOWN, OFFICES, 7, guards=(guards.mission_not_begun,),
            done=_("Expert stood down"),
            asks=(Ask("notice_on", _("When notice was given"), "date", required=False), Ask("end_note", _("Remark"), required=False)),
            effects=("stood_down",), explains=_("The days are set free and the seat is open again."),
        ),
        Transition(
            "record_no_show", _("Record that the expert did not come"), (I.APPROVED, I.SERVED), I.NO_SHOW, OFFICES, 7,
            done=_("Recorded as not having come"),
            guards=(guards.mission_has_begun,),
            asks=(Ask("notice_on", _("When notice was given"), "date", required=False), Ask("end_note", _("Remark"), required=False)),
        ),
        Transition("take_part", _("Took part"), (I.APPROVED,), I.SERVED, OFFICES | LEADER, 7, consequence=True),
        Transition(
            "not_needed", _("Not needed this time"), (I.SHORTLISTED, I.ASKED, I.AVAILABLE, I.OTHER_DATES), I.NOT_NEEDED,
            OFFICES | HOME | LEADER, 5, consequence=True, private=True, effects=("not_needed",),
        ),
    ),
)  # fmt: skip

REPORT = Machine(
    name="report",
    title=_("Mission report"),
    initial=P.DRAFT,
    states=(
        State(P.DRAFT, _("draft"), "neutral", 8),
        State(P.SUBMITTED, _("submitted"), "info", 8),
        State(P.RETURNED, _("returned for completion"), "warn", 8),
        State(P.ACCEPTED, _("accepted"), "good", 8, final=True),
    ),
    transitions=(
        Transition(
            "write", _("Write the report"), (P.DRAFT, P.RETURNED), STAYS, LEADER | {Party.TEAM}, 8, on_behalf=OFFICES,
            done=_("Report written"),
            page="missions:report-edit", tone="primary", due="due_on", inbox_button=_("Write it"),
            inbox=_("Write the report on {number}: {title}"),
        ),
        Transition(
            "submit", _("Submit the report"), (P.DRAFT, P.RETURNED), P.SUBMITTED, LEADER, 8, on_behalf=OFFICES, tone="primary",
            done=_("Report submitted"),
            guards=(guards.sections_written,), stamps="submitted_at", effects=("report_submitted",),
            explains=_("It goes to the Secretariat and ROCB, who accept it or ask for more."),
        ),
        Transition(
            "accept", _("Accept the report"), (P.SUBMITTED,), P.ACCEPTED, OFFICES, 8, stamps="accepted_at", tone="primary",
            done=_("Report accepted"),
            asks=(NOTE,), effects=("report_document", "report_accepted"), inbox_button=_("Read it"), read_first=True,
            inbox=_("Read the report on {number}: {title}"),
            explains=_("It is drawn as PDF and opened to the beneficiary and the home administrations."),
        ),
        Transition(
            "return", _("Return it for completion"), (P.SUBMITTED,), P.RETURNED, OFFICES, 8,
            done=_("Report returned for completion"),
            asks=(Ask("returned_note", _("What is asked for"), told=True),), effects=("report_returned",),
        ),
    ),
)  # fmt: skip

MACHINES = (REQUEST, MISSION, INVITATION, REPORT)
