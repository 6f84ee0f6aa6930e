"""The questions of a proposal: its words, and which of them are written anew from fresh evidence."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centres.models import Centre
from core.clock import months_after, today
from core.forms import PortalForm
from experts.models import Category
from gap_analysis.letters import SECTIONS
from gap_analysis.models import Proposal

LONG = 20_000
MONTHS_SHOWN = 30
# What `guards.proposal_is_complete` looks for before a proposal is sent.
ASKED_FOR = frozenset({"need", "tried", "objective", "participants"})

HELP = {
    "background": gettext_lazy("Why this is proposed now, for somebody who reads it first."),
    "need": gettext_lazy(
        "How the area stands, who says so, since when. The figures are added in a table of their own."
    ),
    "tried": gettext_lazy("The search for people with members comes first; say what came of it (§5.3)."),
    "objective": gettext_lazy("What is different in the region afterwards."),
    "participants": gettext_lazy(
        "Who should come, and how many. Counts rather than names: the document can travel far."
    ),
    "content": gettext_lazy("Days, language, who teaches, how participants are assessed."),
    "cost_note": gettext_lazy("What it costs roughly, and which part the WCO is asked to bear."),
}


class SectionField(forms.CharField):
    """A long text that is asked for before the thing is sent, and not while it is a draft."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """Lines end alike, whether a browser or its script sent them."""
        return str(super().to_python(value)).replace("\r\n", "\n")

    def validate(self, value: Any) -> None:
        """Nothing is missing in a draft."""


class ProposalForm(PortalForm, forms.Form):
    use_required_attribute = False

    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    category = forms.ModelChoiceField(
        label=gettext_lazy("Accreditation as"),
        queryset=Category.objects.filter(is_active=True),
        required=False,
        empty_label=gettext_lazy("to be agreed"),
    )
    month = forms.TypedChoiceField(
        label=gettext_lazy("Month wished"), required=False, coerce=dt.date.fromisoformat, empty_value=None
    )
    host = forms.ModelChoiceField(
        label=gettext_lazy("Host, if a centre"),
        queryset=Centre.objects.all(),
        required=False,
        empty_label=gettext_lazy("to be agreed"),
    )

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = today().replace(day=1)
        months = {months_after(first, n) for n in range(MONTHS_SHOWN)} | ({proposal.month} if proposal.month else set())
        self.fields["month"].choices = [  # type: ignore[attr-defined]
            ("", _("to be agreed")),
            *((month.isoformat(), date_format(month, "F Y")) for month in sorted(months)),
        ]
        for name, title in SECTIONS:
            self.fields[name] = SectionField(
                label=title, help_text=HELP[name], required=name in ASKED_FOR, max_length=LONG
            )
            self.fields[name].widget.attrs["rows"] = "3" if name == "cost_note" else "7"

    def unlike(self, proposal: Proposal) -> list[tuple[str, str]]:
        """Where the stored draft says something else than what was typed: the question and what it says."""
        return [
            (str(field.label), str(getattr(proposal, name)))
            for name, field in self.fields.items()
            if getattr(proposal, name) and getattr(proposal, name) != self.cleaned_data.get(name)
        ]

    def unread(self) -> list[str]:
        """What could not be kept, by the words over it."""
        return [str(field.label) for name, field in self.fields.items() if name in self.errors]


class ComposeForm(PortalForm, forms.Form):
    """Which texts are written anew; those edited by hand are left alone unless they are ticked."""

    parts = forms.MultipleChoiceField(
        label=gettext_lazy("Which texts are written anew?"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = proposal.evidence.get("words", {})
        choices, ticked = [], []
        for name, title in (("title", _("Title")), *SECTIONS):
            is_own = getattr(proposal, name) != words.get(name)
            choices.append(
                (name, _("%(title)s (edited by hand; your text would go)") % {"title": title} if is_own else title)
            )
            ticked += [] if is_own else [name]
        self.fields["parts"].choices = choices  # type: ignore[attr-defined]
        self.fields["parts"].initial = ticked
