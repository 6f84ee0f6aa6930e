"""The table of a correction of ACE: asked for, agreed by the member, passed on, corrected by the Secretariat (§2.2(1), IV)."""

from django.utils.translation import gettext_lazy as _

from core.workflow import Ask, Machine, State, Transition
from experts.enums import CorrectionState as C
from experts.enums import Party

ROCB = frozenset({Party.ROCB})
SECRETARIAT = frozenset({Party.SECRETARIAT})
HOME = frozenset({Party.HOME})

CORRECTION = Machine(
    name="correction",
    title=_("Correction of ACE"),
    initial=C.ASKED,
    states=(
        State(C.ASKED, _("waiting for the member's agreement"), "warn", 1),
        State(C.AGREED, _("agreed by the member"), "info", 2),
        State(C.SENT, _("with the Secretariat"), "info", 3),
        State(C.DONE, _("corrected in ACE"), "good", 4, final=True),
        State(C.DECLINED, _("not corrected"), "bad", 0, final=True),
        State(C.WITHDRAWN, _("withdrawn"), "neutral", 0, final=True),
    ),
    transitions=(
        Transition(
            "agree", _("Agree to the correction"), (C.ASKED,), C.AGREED, HOME, 1, on_behalf=ROCB, stamps="agreed_at", tone="primary",
            inbox_button=_("Read it"), read_first=True, inbox=_("Agree to a correction of ACE about {name}: {what}"),
            explains=_("ROCB then passes it to the Secretariat, which keeps ACE."),
        ),
        Transition(
            "disagree", _("Do not agree"), (C.ASKED,), C.DECLINED, HOME, 1, on_behalf=ROCB,
            asks=(Ask("answer_note", _("What is right, in your view?")),), effects=("correction_answered",),
            explains=_("Nothing is asked of the Secretariat. Whoever raised it reads your words."),
        ),
        Transition(
            "send", _("Pass it to the Secretariat"), (C.AGREED,), C.SENT, ROCB, 2, stamps="sent_at", tone="primary",
            inbox_button=_("Open"), read_first=True, inbox=_("Pass on a correction of ACE about {name}: {what}"),
            effects=("correction_sent",), explains=_("It joins the bundle that the Secretariat can download as a spreadsheet."),
        ),
        Transition(
            "done", _("It is corrected in ACE"), (C.SENT,), C.DONE, SECRETARIAT, 3, on_behalf=ROCB, stamps="done_at", tone="primary",
            inbox_button=_("Open"), read_first=True, inbox=_("Correct in ACE: {name}, {what}"), effects=("correction_answered",),
            explains=_("The next extract brings the corrected fact here."),
        ),
        Transition(
            "decline", _("It stays as it is"), (C.SENT,), C.DECLINED, SECRETARIAT, 3, on_behalf=ROCB,
            asks=(Ask("answer_note", _("Why ACE stays as it is")),), effects=("correction_answered",),
        ),
        Transition(
            "withdraw", _("Withdraw it"), (C.ASKED, C.AGREED), C.WITHDRAWN, HOME | ROCB | {Party.EXPERT}, 1,
            explains=_("Nothing further happens with it."),
        ),
    ),
)  # fmt: skip
