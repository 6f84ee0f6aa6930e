"""The tables of Part V: a round of the survey, a member's answer, a proposal for an accreditation workshop (§5.2, §5.3)."""

from django.utils.translation import gettext_lazy as _

from core.workflow import STAYS, Ask, Machine, State, Transition
from gap_analysis import guards
from gap_analysis.enums import Party
from gap_analysis.enums import ProposalState as P
from gap_analysis.enums import ResponseState as A
from gap_analysis.enums import SurveyState as S

ROCB = frozenset({Party.ROCB})
SECRETARIAT = frozenset({Party.SECRETARIAT})
MEMBER = frozenset({Party.MEMBER})

NOTE = Ask("note", _("Note"), required=False)

SURVEY = Machine(
    name="survey",
    title=_("Round of the needs survey"),
    initial=S.DRAFT,
    states=(
        State(S.DRAFT, _("draft"), "neutral", 1),
        State(S.OPEN, _("open"), "info", 2),
        State(S.CLOSED, _("closed"), "neutral", 3, final=True),
    ),
    transitions=(
        Transition(
            "open", _("Open the round"), (S.DRAFT,), S.OPEN, ROCB, 1, guards=(guards.asks_about_something,), stamps="opened_at",
            done=_("Round opened"),
            tone="primary", effects=("survey_opened",), inbox_button=_("Finish it"), read_first=True,
            inbox=_("Finish and open the round “{title}”"),
            explains=_("Every member gets it by e-mail and in its inbox. The areas then stay, and so do questions once they are answered."),
        ),
        Transition(
            "close", _("Close the round"), (S.OPEN,), S.CLOSED, ROCB, 2, stamps="closed_at", asks=(NOTE,), effects=("survey_summary",),
            done=_("Round closed"),
            explains=_("Answers can no longer be sent. Who has not answered is unknown, never “no need”."),
        ),
        Transition("reopen", _("Open it again"), (S.CLOSED,), S.OPEN, ROCB, 2, done=_("Round opened again"), asks=(NOTE,)),
    ),
)  # fmt: skip

RESPONSE = Machine(
    name="response",
    title=_("Answer to the needs survey"),
    initial=A.OPEN,
    states=(
        State(A.OPEN, _("being filled in"), "warn", 1),
        State(A.SUBMITTED, _("sent to ROCB"), "good", 2, final=True),
        State(A.EXCUSED, _("left out of this round"), "neutral", 0, final=True),
    ),
    transitions=(
        Transition(
            "write", _("Fill in the answers"), (A.OPEN,), STAYS, MEMBER, 1, on_behalf=ROCB, guards=(guards.round_is_open,),
            done=_("Answers written"),
            page="gap_analysis:response-edit", tone="primary", due="due", inbox_button=_("Fill it in"),
            inbox=_("Answer the needs survey: {title}"),
        ),
        Transition(
            "submit", _("Send your answers to ROCB"), (A.OPEN,), A.SUBMITTED, MEMBER, 1, on_behalf=ROCB, done=_("Answers sent to ROCB"),
            guards=(guards.round_is_open, guards.has_answered_something, guards.required_questions_answered),
            stamps="submitted_at", page="gap_analysis:response-submit", effects=("response_received",),
            explains=_("You can open it again while the round is open."),
        ),
        Transition(
            "reopen", _("Open your answers again"), (A.SUBMITTED,), A.OPEN, MEMBER, 2, on_behalf=ROCB, guards=(guards.round_is_open,),
            done=_("Answers opened again"),
            asks=(Ask("note", _("What will change?"), required=False),), explains=_("They count again when they are sent again."),
        ),
        Transition(
            "give_grace", _("Give more time"), (A.OPEN,), STAYS, ROCB, 1, asks=(Ask("grace_until", _("May answer until"), "date"), NOTE),
            done=_("More time given"),
        ),
        Transition(
            "note_call", _("Note a telephone call"), (A.OPEN,), STAYS, ROCB, 1, private=True, done=_("Telephone call"),
            asks=(Ask("note", _("With whom, and what was said")),),
        ),
        Transition(
            "excuse", _("Leave out of this round"), (A.OPEN,), A.EXCUSED, ROCB, 1, asks=(Ask("note", _("Why")),),
            done=_("Left out of this round"),
            explains=_("It is no longer reminded, and its needs stay unknown."),
        ),
        Transition("take_in", _("Take in again"), (A.EXCUSED,), A.OPEN, ROCB, 1, done=_("Taken in again"), asks=(NOTE,)),
    ),
)  # fmt: skip

PROPOSAL = Machine(
    name="proposal",
    title=_("Proposal for an accreditation workshop"),
    initial=P.DRAFT,
    states=(
        State(P.DRAFT, _("draft"), "neutral", 1),
        State(P.SENT, _("with the Secretariat"), "info", 2),
        State(P.ACCEPTED, _("accepted"), "good", 3, final=True),
        State(P.DEFERRED, _("deferred"), "warn", 2),
        State(P.DECLINED, _("declined"), "neutral", 3, final=True),
        State(P.WITHDRAWN, _("withdrawn"), "neutral", 0, final=True),
    ),
    transitions=(
        Transition(
            "send", _("Send the proposal to the Secretariat"), (P.DRAFT,), P.SENT, ROCB, 1, guards=(guards.proposal_is_complete,),
            stamps="sent_at", tone="primary", effects=("proposal_documents", "proposal_sent"), inbox_button=_("Finish it"),
            page="gap_analysis:proposal-send", done=_("Proposal sent to the Secretariat"),
            read_first=True, inbox=_("Finish and send the proposal {number}: {title}"),
            explains=_("Its words are frozen and drawn up as PDF and DOCX."),
        ),
        Transition(
            "accept", _("Accept it"), (P.SENT, P.DEFERRED), P.ACCEPTED, SECRETARIAT, 2, on_behalf=ROCB, stamps="decided_at",
            tone="primary", asks=(Ask("decision_note", _("Words to ROCB"), required=False, told=True),), effects=("proposal_decided",),
            done=_("Proposal accepted"), due="deferred_until", inbox_if=guards.its_day_has_come,
            inbox_button=_("Read it"), read_first=True, inbox=_("Decide on the proposal {number}: {title}"),
            explains=_("ROCB finds a draft of the notice to the experts known in the area, with their administrations in copy (§5.3)."),
        ),
        Transition(
            "defer", _("Defer it"), (P.SENT,), P.DEFERRED, SECRETARIAT, 2, on_behalf=ROCB, stamps="decided_at",
            asks=(
                Ask("deferred_until", _("When will you look at it again?"), "date", check=guards.lies_ahead),
                Ask("decision_note", _("Why"), told=True),
            ),
            effects=("proposal_decided",), done=_("Proposal deferred"),
            explains=_("It comes back to your inbox on that day; ROCB is told. It can be accepted or declined before."),
        ),
        Transition(
            "decline", _("Decline it"), (P.SENT, P.DEFERRED), P.DECLINED, SECRETARIAT, 2, on_behalf=ROCB, stamps="decided_at",
            asks=(Ask("decision_note", _("Why"), told=True),), effects=("proposal_decided",), done=_("Proposal declined"),
            explains=_("ROCB is told, with your words. It may compose another one later."),
        ),
        Transition(
            "note_answer", _("The answer is read"), (P.ACCEPTED, P.DEFERRED, P.DECLINED), STAYS, ROCB, 3, stamps="answer_read_at",
            once=True, inbox=_("Read the Secretariat's answer to the proposal {number}: it is {state}"), inbox_button=_("Read it"),
            read_first=True, explains=_("It leaves ROCB's inbox; nothing else changes."), private=True,
        ),
        Transition(
            "withdraw", _("Withdraw it"), (P.DRAFT, P.SENT, P.DEFERRED), P.WITHDRAWN, ROCB, 1, asks=(NOTE,),
            done=_("Proposal withdrawn"), effects=("proposal_withdrawn",), tone="danger",
            explains=_("The Secretariat is told if it has it. The words stay readable."),
        ),
    ),
)  # fmt: skip
