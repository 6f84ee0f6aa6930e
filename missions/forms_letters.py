"""The questions of steps 4 and 5: who agreed, what the letter says, how it leaves, and what the home administration answers."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.asks import UploadField
from core.clock import today
from core.files import SCANS
from core.forms import DateInput, PortalForm
from experts.ledger import CapCheck
from missions.enums import Bearer, ConfirmingParty
from missions.models import Invitation


def _long(rows: int = 4, **kwargs: Any) -> forms.CharField:
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), max_length=5000, **kwargs)


class PastDay(forms.DateField):
    """A day on which something happened: not one to come."""

    widget = DateInput

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and day > today():
            raise forms.ValidationError(_("This day has not come yet."))
        return day


class ConfirmationForm(PortalForm, forms.Form):
    """One party's yes to a listed candidate or first-step expert."""

    party = forms.ChoiceField(label=_("Which party said yes?"), widget=forms.RadioSelect)
    said_by = forms.CharField(label=_("Who said so"), max_length=160, help_text=_("Name and office."))
    said_on = PastDay(label=_("When"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False, help_text=_("Where it is written down."))

    def __init__(self, *args: Any, parties: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(p, ConfirmingParty(p).label) for p in parties]
        self.fields["party"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["party"].initial = choices[0][0]


class BearerForm(PortalForm, forms.Form):
    """Who bears the cost of the seat."""

    bearer = forms.ChoiceField(label=_("Who bears the cost?"), choices=Bearer.choices, widget=forms.RadioSelect)
    agreed_by = forms.CharField(label=_("Agreed or offered by"), max_length=160, help_text=_("Name and office."))
    agreed_on = PastDay(label=_("When"))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class CountingForm(PortalForm, forms.Form):
    """Whether the days of one invitation count against the cap."""

    counts = forms.TypedChoiceField(
        label=_("Do the days of release count against the limit?"),
        choices=[("yes", _("Yes, they count")), ("no", _("No, they do not count"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    counts_reason = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("The reason stands in the ledger and in the letter.")
    )


class LetterForm(PortalForm, forms.Form):
    """What the offices write themselves; the rest of the letter comes from the mission."""

    opening = _long(4, label=_("Opening paragraph"), help_text=_("The first numbered paragraph of the letter."))
    extra = _long(
        3, label=_("Further paragraph"), required=False, help_text=_("Anything the administration should know besides.")
    )
    conditions = _long(
        3,
        label=_("Conditions of this mission"),
        required=False,
        help_text=_("They stand in the annex, under “For this mission”: where it differs from the rules (§3.1, §3.3)."),
    )
    exception_reason = _long(3, label=_("Reason for asking an exception to the limit"), required=False)

    def __init__(self, *args: Any, over: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if over:
            sentence = _(
                "%(who)s. The letter then has to ask for an exception in so many words, with this reason (§3.2)."
            )
            self.fields["exception_reason"].help_text = sentence % {"who": "; ".join(over)}
        else:
            del self.fields["exception_reason"]


class NewLetterForm(LetterForm):
    """A new letter, and about whom: all who are ready share one (one answer each)."""

    invitations = forms.MultipleChoiceField(
        label=_("About whom?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Experts of one administration who are ready together share a letter; each gets an answer of their own."
        ),
    )
    field_order = ["invitations"]

    def __init__(self, *args: Any, ready: Sequence[Invitation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ready = {str(i.pk): i for i in ready}
        field: Any = self.fields["invitations"]
        field.choices = [(key, i.expert.name) for key, i in self.ready.items()]
        field.initial = list(self.ready)

    @property
    def chosen(self) -> list[Invitation]:
        """The invitations ticked; all of them before anything was."""
        keys = self.data.getlist("invitations") if self.is_bound else list(self.ready)  # type: ignore[attr-defined]
        return [i for key, i in self.ready.items() if key in keys]


class SendLetterForm(PortalForm, forms.Form):
    """How the letter leaves. On paper, the signed scan becomes the kept document and no e-mail leaves."""

    how = forms.ChoiceField(
        label=_("How does it leave?"),
        choices=[
            ("email", _("By e-mail, with the PDF and a link for the answer")),
            ("paper", _("On paper: it has been signed and sent, here is the scan")),
        ],
        widget=forms.RadioSelect,
        initial="email",
    )
    signatory = forms.CharField(
        label=_("Signed by"),
        max_length=160,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Name, and the title on the second line, as they stand under the letter."),
    )
    sent_on = PastDay(label=_("Dated (on paper)"), required=False, help_text=_("Only for a letter sent on paper."))
    scan = UploadField(
        endings=SCANS,
        label=_("Scan of the signed letter"),
        required=False,
        help_text=_("Only for a letter sent on paper."),
    )

    def __init__(self, *args: Any, has_addressees: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_addressees = has_addressees

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("how") == "paper":
            for name in ("scan", "sent_on"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("A letter sent on paper needs this."))
        elif data.get("how") == "email" and not self.has_addressees:
            self.add_error(
                "how",
                _("The administration has no focal point here, so nobody would get the e-mail. Send it on paper, or ask ROCB "
                  "to open an account first."),
            )  # fmt: skip
        return data


class AnswerForm(PortalForm, forms.Form):
    """The home administration's answer for one expert (§3.4 step 5). For candidates no reason is asked, whatever the answer."""

    FIELDS = {
        "answer_yes": ("grants_exception",),
        "answer_conditions": ("conditions", "grants_exception"),
        "answer_no": ("refusal_note",),
        "answer_other_officer": ("other_name", "other_email", "other_note"),
    }

    NEEDED = {"answer_conditions": "conditions", "answer_other_officer": "other_name"}

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[
            ("answer_yes", _("Approved")),
            ("answer_conditions", _("Approved, with conditions")),
            ("answer_no", _("Not approved")),
            ("answer_other_officer", _("Another officer is proposed instead")),
        ],
        widget=forms.RadioSelect,
    )
    grants_exception = forms.BooleanField(required=False)
    conditions = _long(3, label=_("If approved with conditions: which?"), required=False)
    refusal_note = _long(2, label=_("If not approved: a remark, if you wish"), required=False)
    other_name = forms.CharField(label=_("If another officer: name"), max_length=160, required=False)
    other_email = forms.EmailField(label=_("If another officer: e-mail address"), required=False)
    other_note = _long(2, label=_("If another officer: what the officer is known for"), required=False)
    scan = UploadField(
        endings=SCANS,
        label=_("Scan of the administration's letter"),
        help_text=_("You record the answer for the administration; the history names you, and the scan is kept."),
    )
    note = forms.CharField(label=_("How the answer came"), max_length=300, required=False)

    def __init__(
        self, *args: Any, invitation: Invitation, cap: CapCheck, recorded: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        self.cap = cap
        given = self.data.get(self.add_prefix("answer")) if self.is_bound else None
        for answer, name in self.NEEDED.items():
            self.fields[name].required = given == answer
        if recorded:
            self.fields["answer"].label = _("The administration's answer")
        else:
            del self.fields["scan"], self.fields["note"]
        if invitation.is_candidate:
            del self.fields["refusal_note"]
        if cap.fits or not (invitation.letter and invitation.letter.exception_reason):
            del self.fields["grants_exception"]
        else:
            self.fields["grants_exception"].label = _(
                "The exception is granted: %(name)s may reach %(after)d of %(limit)d days with this mission"
            ) % {"name": invitation.expert.name, "after": cap.after, "limit": cap.limit}
            self.fields["grants_exception"].help_text = _("A yes above the limit holds only with this mark (§3.2).")

    @property
    def given(self) -> dict[str, Any]:
        """What goes with the chosen answer, and nothing of the others."""
        data = self.cleaned_data
        names = {*self.FIELDS[data["answer"]], "scan", "note"} & data.keys()
        return {"answer": data["answer"], **{name: data[name] for name in names}}


class AnswerForms:
    """One answer for each expert of a letter, read and sent as one form."""

    is_multipart = False

    def __init__(self, forms: Sequence[AnswerForm]) -> None:
        self.forms = list(forms)

    def __iter__(self) -> Iterator[Any]:
        return chain.from_iterable(self.forms)

    def is_valid(self) -> bool:
        return not self.errors

    @property
    def errors(self) -> list[Any]:
        return [form.errors for form in self.forms if form.errors]

    def non_field_errors(self) -> list[Any]:
        return list(chain.from_iterable(form.non_field_errors() for form in self.forms))

    @property
    def fields(self) -> dict[str, tuple[AnswerForm, str]]:
        return {form.add_prefix(name): (form, name) for form in self.forms for name in form.fields}

    def add_error(self, name: str | None, sentence: str) -> None:
        form, field = self.fields[name] if name else (self.forms[0], None)
        form.add_error(field, sentence)
