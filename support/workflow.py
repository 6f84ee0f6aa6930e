"""The table of an opportunity: written, told, closed (§5.1, §5.3)."""

from django.utils.translation import gettext_lazy as _

from core.workflow import Ask, Machine, State, Transition
from support import guards
from support.enums import OpportunityState as O
from support.enums import Party

ROCB = frozenset({Party.ROCB})

OPPORTUNITY = Machine(
    name="opportunity",
    title=_("Opportunity"),
    initial=O.DRAFT,
    states=(
        State(O.DRAFT, _("draft"), "neutral", 1),
        State(O.TOLD, _("told"), "good", 2),
        State(O.CLOSED, _("closed"), "neutral", 3, final=True),
    ),
    transitions=(
        Transition(
            "tell", _("Tell them"), (O.DRAFT,), O.TOLD, ROCB, 1,
            guards=(guards.says_something, guards.names_its_area, guards.deadline_lies_ahead),
            done=_("Told"), stamps="told_at", tone="primary", page="support:opportunity-tell", inbox_button=_("Finish it"),
            inbox=_("Finish and send the notice of “{title}”"),
            explains=_("You see first who reads which text."),
        ),
        Transition(
            "close", _("Close it"), (O.TOLD,), O.CLOSED, ROCB, 2, asks=(Ask("note", _("Note"), required=False),),
            inbox=_("Look who has signed up for “{title}”, and close it"), inbox_if=guards.deadline_is_over,
            inbox_button=_("Look and close"), read_first=True, done=_("Closed"),
            explains=_("Nobody can sign up any more."),
        ),
    ),
)  # fmt: skip
