"""The tables of part II: the nomination, the call for nominations, the workshop nominee (§1.1, §2.2(2), §2.3)."""

from django.utils.translation import gettext_lazy as _

from candidates import guards
from candidates.enums import CallState as C
from candidates.enums import NominationState as N
from candidates.enums import NomineeState as W
from candidates.enums import Party
from core.workflow import STAYS, Ask, Machine, State, Transition

ROCB = frozenset({Party.ROCB})
SECRETARIAT = frozenset({Party.SECRETARIAT})
OFFICES = ROCB | SECRETARIAT
NOMINATOR = frozenset({Party.NOMINATOR})
HOME = frozenset({Party.HOME})
NOMINEE = frozenset({Party.NOMINEE})

NOTE = Ask("note", _("Note"), required=False)

NOMINATION = Machine(
    name="nomination",
    title=_("Nomination for the candidate list"),
    initial=N.DRAFT,
    states=(
        State(N.DRAFT, _("draft"), "neutral", 1),
        State(N.SUBMITTED, _("in review"), "info", 2),
        State(N.RETURNED, _("returned for completion"), "warn", 1),
        State(N.LISTED, _("on the candidate list"), "good", 3, final=True),
        State(N.NOT_LISTED, _("not listed"), "neutral", 3, final=True),
        State(N.OBJECTED, _("home administration objects"), "bad", 2, final=True),
        State(N.WITHDRAWN, _("withdrawn"), "neutral", 0, final=True),
    ),
    transitions=(
        Transition(
            "submit", _("Send the nomination to ROCB"), (N.DRAFT, N.RETURNED), N.SUBMITTED, NOMINATOR, 1,
            guards=(guards.is_complete,), stamps="submitted_at", tone="primary", page="candidates:nomination-submit",
            effects=("nomination_submitted", "nominee_asked", "home_told"), inbox_button=_("Finish it"),
            inbox=_("Finish and send the nomination: {name}"),
            explains=_("The nominee gets a link to complete the own part and to consent. ROCB then reviews it."),
            done=_("Nomination sent to ROCB"),
        ),
        Transition(
            "complete_part", _("Complete your part and consent"), (N.SUBMITTED, N.RETURNED), STAYS, NOMINEE, 1,
            on_behalf=ROCB, stamps="consented_at", once=True, tone="primary", page="candidates:nominee-part",
            button=_("Nominee's part and consent"), inbox_button=_("Read it"),
            inbox=_("Complete the nominee's part and consent: {name}, proposed for the candidate list"),
            explains=_("Without your consent nothing is listed."),
            done=_("The nominee has consented"),
        ),
        Transition(
            "ask_nominee_again", _("Send the nominee the link again"), (N.SUBMITTED, N.RETURNED), STAYS, NOMINATOR | ROCB, 1,
            guards=(guards.consent_is_missing, guards.nominee_can_be_reached), effects=("nominee_asked",),
            explains=_("The nominee gets the e-mail once more, with a fresh link; the older one ends."),
            done=_("Link sent to the nominee again"),
        ),
        Transition(
            "agree", _("No objection"), (N.SUBMITTED, N.RETURNED), STAYS, HOME, 2, on_behalf=ROCB, stamps="home_agreed_at",
            once=True, guards=(guards.came_from_outside,), inbox_button=_("Read it"), read_first=True, due="object_by",
            inbox=_("{name} of {administration} is proposed for the candidate list: object, or let it go on"),
            explains=_("The review can go on at once."),
            done=_("The home administration does not object"),
        ),
        Transition(
            "object", _("Object to the listing"), (N.SUBMITTED, N.RETURNED, N.LISTED), N.OBJECTED, HOME, 2, on_behalf=ROCB,
            guards=(guards.came_from_outside,), stamps="objected_at", effects=("nomination_objected",),
            asks=(Ask("objection_note", _("Your words to ROCB"), required=False, told=True, help=_("No reason is needed.")),),
            explains=_("The person is not listed, or leaves the list, as the administration has to release the person later."),
            done=_("The home administration objects"),
        ),
        Transition(
            "lift_objection", _("Lift the objection"), (N.OBJECTED,), N.SUBMITTED, HOME, 2, on_behalf=ROCB, asks=(NOTE,),
            explains=_("The review goes on where it stood."),
            done=_("Objection lifted"),
        ),
        Transition(
            "review", _("Give your review"), (N.SUBMITTED,), STAYS, OFFICES, 2, page="candidates:nomination-review",
            tone="primary", private=True, inbox_button=_("Review it"), inbox_if=guards.nobody_reviews,
            inbox=_("Review the nomination of {name}, {administration}"),
            explains=_("Each requirement is judged by itself. Others read your review when theirs is given."),
            done=_("Review given"),
        ),
        Transition(
            "return", _("Return it for completion"), (N.SUBMITTED,), N.RETURNED, ROCB, 2,
            asks=(Ask("returned_note", _("What is missing?"), told=True, help=_("One point a line; the nominator reads it as a list.")),),
            effects=("nomination_returned",),
            done=_("Returned for completion"),
        ),
        Transition(
            "list", _("Put on the candidate list"), (N.SUBMITTED,), N.LISTED, ROCB, 3, page="candidates:nomination-list",
            guards=(guards.nominee_consented, guards.somebody_reviewed, guards.everybody_has_spoken, guards.home_could_object),
            stamps="decided_at", tone="primary", effects=("nomination_decided",), inbox_button=_("Decide"),
            inbox=_("Decide on the nomination of {name}, {administration}"),
            explains=_("All four requirements are met, or a reason says why the person is listed all the same."),
            done=_("Put on the candidate list"),
        ),
        Transition(
            "not_list", _("Do not list"), (N.SUBMITTED,), N.NOT_LISTED, ROCB, 3,
            guards=(guards.somebody_reviewed, guards.everybody_has_spoken), stamps="decided_at",
            asks=(Ask("decision_note", _("Reason, for the letter to the nominator"),
                      help=_("Write it so that it could be read aloud in the person's administration.")),),
            effects=("nomination_letter", "nomination_decided"),
            done=_("Not listed"),
        ),
        Transition(
            "withdraw", _("Withdraw the nomination"), (N.DRAFT, N.SUBMITTED, N.RETURNED), N.WITHDRAWN, NOMINATOR | NOMINEE, 1,
            on_behalf=ROCB, asks=(NOTE,), effects=("nomination_withdrawn",),
            explains=_("Nothing further happens with it. No reason is needed."),
            done=_("Nomination withdrawn"),
        ),
    ),
)  # fmt: skip

CALL = Machine(
    name="call",
    title=_("Call for nominations"),
    initial=C.DRAFT,
    states=(
        State(C.DRAFT, _("draft"), "neutral", 1),
        State(C.OPEN, _("open"), "info", 2),
        State(C.CLOSED, _("closed"), "neutral", 3, final=True),
        State(C.DROPPED, _("put away"), "neutral", 0, final=True),
    ),
    transitions=(
        Transition(
            "send", _("Send the call"), (C.DRAFT,), C.OPEN, ROCB, 1,
            guards=(guards.has_members, guards.has_areas, guards.deadline_lies_ahead), stamps="sent_at",
            tone="primary", page="candidates:call-send", effects=("call_sent",), inbox_button=_("Finish it"),
            inbox=_("Finish and send the call “{title}”"), explains=_("Every administration chosen gets it by e-mail and in its inbox."),
        ),
        Transition(
            "close", _("Close the call"), (C.OPEN,), C.CLOSED, ROCB, 2, stamps="closed_at", asks=(NOTE,), due="deadline",
            inbox_if=guards.deadline_is_over, inbox_button=_("Look and close"), read_first=True,
            inbox=_("The time for the call “{title}” is over: look at the answers and close it"),
            explains=_("Nobody is asked any more. Nominations are welcome at all times all the same (§2.2(2))."),
        ),
        Transition(
            "drop", _("Put the draft away"), (C.DRAFT,), C.DROPPED, ROCB, 1, tone="danger",
            explains=_("It was never sent, and never will be. The office can still read it."), done=_("Draft put away"),
        ),
    ),
)  # fmt: skip

NOMINEE_OF_WORKSHOP = Machine(
    name="workshop_nominee",
    title=_("Workshop nominee"),
    initial=W.PUT_FORWARD,
    states=(
        State(W.PUT_FORWARD, _("put forward"), "info", 1),
        State(W.INVITED, _("invited to the workshop"), "info", 2),
        State(W.PASSED, _("passed: first step"), "good", 3, final=True),
        State(W.TO_REPEAT, _("asked to repeat"), "warn", 3, final=True),
        State(W.NOT_PASSED, _("not passed"), "neutral", 3, final=True),
        State(W.ABSENT, _("did not come"), "neutral", 3, final=True),
        State(W.NOT_INVITED, _("not invited"), "neutral", 0, final=True),
        State(W.WITHDRAWN, _("withdrawn"), "neutral", 0, final=True),
    ),
    transitions=(
        Transition(
            "invite", _("Invite to the workshop"), (W.PUT_FORWARD,), W.INVITED, OFFICES, 1, tone="primary",
            page="candidates:workshop-invite", effects=("nominee_invited",), hidden=True,
            done=_("Invited to the workshop"),
        ),
        Transition(
            "not_invite", _("Do not invite"), (W.PUT_FORWARD,), W.NOT_INVITED, OFFICES, 1,
            asks=(Ask("outcome_note", _("Reason for the administration"), required=False, told=True),), effects=("nominee_invited",),
            explains=_("The administration and the person are told."),
            done=_("Not invited to the workshop"),
        ),
        Transition(
            "passed", _("Passed: give the first step"), (W.PUT_FORWARD, W.INVITED), W.PASSED, OFFICES, 2, stamps="decided_at",
            page="candidates:workshop-outcomes", effects=("nominee_outcome",), hidden=True,
            done=_("Passed the workshop"),
        ),
        Transition(
            "to_repeat", _("Asked to repeat"), (W.PUT_FORWARD, W.INVITED), W.TO_REPEAT, OFFICES, 2, stamps="decided_at",
            page="candidates:workshop-outcomes", effects=("nominee_outcome",), hidden=True,
            done=_("Asked to repeat the workshop"),
        ),
        Transition(
            "not_passed", _("Not passed"), (W.PUT_FORWARD, W.INVITED), W.NOT_PASSED, OFFICES, 2, stamps="decided_at",
            page="candidates:workshop-outcomes", effects=("nominee_outcome",), hidden=True,
            done=_("Did not pass the workshop"),
        ),
        Transition(
            "absent", _("Did not come"), (W.PUT_FORWARD, W.INVITED), W.ABSENT, OFFICES, 2, stamps="decided_at",
            page="candidates:workshop-outcomes", hidden=True, done=_("Did not come to the workshop"),
        ),
        Transition(
            "correct", _("Take the outcome back"), (W.PASSED, W.TO_REPEAT, W.NOT_PASSED, W.ABSENT), W.INVITED, OFFICES, 2,
            asks=(Ask("note", _("What was wrong?"), help=_("Kept in the history.")),),
            explains=_("For an outcome entered by mistake. A first step given by it is taken back, unless the person has gone further."),
            done=_("Outcome taken back"),
        ),
        Transition(
            "withdraw", _("Withdraw the nominee"), (W.PUT_FORWARD, W.INVITED), W.WITHDRAWN, HOME | NOMINEE, 1, on_behalf=OFFICES,
            asks=(NOTE,), explains=_("No reason is needed."), done=_("Nominee withdrawn"),
        ),
        Transition(
            "again", _("Put forward again"), (W.WITHDRAWN, W.NOT_INVITED), W.PUT_FORWARD, HOME, 1, on_behalf=OFFICES,
            guards=(guards.workshop_is_ahead,), asks=(NOTE,), done=_("Put forward again"),
        ),
    ),
)  # fmt: skip
