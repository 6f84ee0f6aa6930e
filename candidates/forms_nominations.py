"""The questions of a nomination: who it is, what speaks for the four requirements, the nominee's part, review and decision."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.enums import Requirement, Verdict
from candidates.guidance import GUIDANCE
from candidates.models import Nomination, Review
from candidates.queries import areas_by_need
from core.asks import UploadField
from core.clock import today
from core.dated_policy import policy
from core.files import ALLOWED
from core.forms import PortalForm
from experts.models import Area
from members.models import Administration, User

LONG = 5000


class DraftField(forms.CharField):
    """A long text that is asked for before the thing is sent, and not while it is a draft."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONG, **kwargs)
        self.widget.attrs["rows"] = "4"

    def to_python(self, value: Any) -> str:
        """Lines end alike, whether a browser or its script sent them."""
        return str(super().to_python(value)).replace("\r\n", "\n")

    def validate(self, value: Any) -> None:
        """Nothing is missing in a draft."""


class DraftLine(forms.CharField):
    """As DraftField, on one line."""

    def validate(self, value: Any) -> None:
        """Nothing is missing in a draft."""


class DraftAddress(forms.EmailField):
    """An address that may still be missing in a draft, and is one if it is there."""

    def validate(self, value: Any) -> None:
        """Nothing is missing in a draft."""


class DraftVerdict(forms.ChoiceField):
    """A verdict that may still be missing in a review that is kept for later."""

    widget = forms.RadioSelect

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class NewPersonForm(PortalForm, forms.Form):
    """Somebody not known here yet; the rest is asked on the next page."""

    given_name = forms.CharField(label=_("Given name"), max_length=80)
    family_name = forms.CharField(label=_("Family name"), max_length=80)
    home = forms.ModelChoiceField(label=_("Home administration"), queryset=Administration.objects.active())

    def __init__(self, *args: Any, homes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["home"].queryset = homes  # type: ignore[attr-defined]
        if len(homes) == 1:
            self.initial["home"] = homes[0]


class NominationForm(PortalForm, forms.Form):
    """What the nominator says. Nothing is missing in a draft; `nomination-submit` looks at the whole."""

    use_required_attribute = False
    given_name = DraftLine(label=_("Given name"), max_length=80)
    family_name = DraftLine(label=_("Family name"), max_length=80)
    home = forms.ModelChoiceField(
        label=_("Home administration"), queryset=Administration.objects.none(), required=False
    )
    office = forms.CharField(label=_("Office"), max_length=160, required=False)
    email = DraftAddress(
        label=_("E-mail address of the person"),
        help_text=_("The person gets a link to complete the own part and to consent."),
    )
    areas = forms.ModelMultipleChoiceField(
        label=_("Areas"), queryset=Area.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )
    why = DraftField(
        label=_("Why this person"),
        required=False,
        help_text=_("What the person is known for, in a few sentences. It stands on the list."),
    )

    def __init__(self, *args: Any, nomination: Nomination, homes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for value, label in Requirement.choices:
            self.fields[f"evidence_{value}"] = DraftField(label=label, help_text=GUIDANCE[value][0])
        self.fields["home"].queryset = homes  # type: ignore[attr-defined]
        self.fields["areas"].queryset = Area.objects.active()  # type: ignore[attr-defined]
        if nomination.expert_id:
            for name in ("given_name", "family_name", "home"):
                del self.fields[name]
        elif len(homes) == 1:
            del self.fields["home"]

    def evidence_fields(self) -> list[Any]:
        return [self[f"evidence_{value}"] for value in Requirement.values]

    def area_groups(self) -> list[tuple[str, list[Any]]]:
        """The boxes in two groups: areas that nobody is accredited in, then the others."""
        boxes = {str(box.data["value"]): box for box in self["areas"]}
        return [
            (group.label, [boxes[str(area.pk)] for area in group.areas if str(area.pk) in boxes])
            for group in areas_by_need(today())
        ]

    @property
    def written(self) -> dict[str, Any]:
        """As `save_nomination` takes it; while it is typed, what does not hold yet is left out."""
        given = {k: v for k, v in self.cleaned_data.items() if not k.startswith("evidence_") and k != "areas"}
        evidence = {
            v: self.cleaned_data[f"evidence_{v}"] for v in Requirement.values if f"evidence_{v}" in self.cleaned_data
        }
        return {**given, "areas": self.cleaned_data.get("areas"), "evidence": evidence}


class SendForm(PortalForm, forms.Form):
    """Nothing is asked but the yes itself."""


class AttachmentForm(PortalForm, forms.Form):
    title = forms.CharField(label=_("Title"), max_length=160)
    requirement = forms.TypedChoiceField(
        label=_("What it shows"),
        choices=[("", _("all of it")), *Requirement.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    upload = UploadField(label=_("File"), endings=tuple(ALLOWED))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].help_text = _size_words()


def _size_words() -> str:
    most = int(policy("upload.max_bytes")) // 1_000_000
    return _("PDF, Word, Excel, PowerPoint or a picture, up to %(mb)d MB.") % {"mb": most}


class NomineeForm(PortalForm, forms.Form):
    """The nominee's own words on the four requirements, a file, and the consent; saved without consent too."""

    use_required_attribute = False

    def __init__(self, *args: Any, for_staff: str = "", has_consented: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for value, label in Requirement.choices:
            self.fields[f"evidence_{value}"] = DraftField(label=label, help_text=GUIDANCE[value][1], required=False)
        self.fields["upload"] = UploadField(
            label=_("Add a file"),
            endings=tuple(ALLOWED),
            required=False,
            help_text=_("A curriculum vitae or a certificate; one at a time. %(size)s") % {"size": _size_words()},
        )
        if has_consented:
            return
        words: Any = _("I have read this and agree")
        if for_staff:
            words = _("%(name)s has read this and agrees") % {"name": for_staff}
        self.fields["consent"] = forms.BooleanField(label=words, required=False)
        if for_staff:
            self.fields["note"] = forms.CharField(
                label=_("How do you know?"),
                max_length=500,
                required=False,
                help_text=_("For example: signed form of 3 March, or by telephone."),
            )

    def evidence_fields(self) -> list[Any]:
        return [self[f"evidence_{value}"] for value in Requirement.values]

    @property
    def evidence(self) -> Mapping[int, str]:
        return {value: self.cleaned_data[f"evidence_{value}"] for value in Requirement.values}


class DeclineForm(PortalForm, forms.Form):
    note = forms.CharField(
        label=_("A word to ROCB"), max_length=500, required=False, help_text=_("No reason is needed.")
    )


class ReviewForm(PortalForm, forms.Form):
    """A verdict and a comment for each requirement; what is still missing is asked when the review is given."""

    use_required_attribute = False

    def __init__(self, *args: Any, review: Review | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = {j.requirement: j for j in review.judgements.all()} if review else {}
        for value, label in Requirement.choices:
            judged = kept.get(value)
            self.fields[f"verdict_{value}"] = DraftVerdict(
                label=_("Is “%(requirement)s” met?") % {"requirement": label},
                choices=Verdict.choices,
                initial=judged.verdict if judged else None,
            )
            self.fields[f"comment_{value}"] = DraftField(
                label=_("Comment"),
                help_text=_(
                    "Needed if it is not met or you ask for more. The nominator reads it only if it is quoted."
                ),
                initial=judged.comment if judged else "",
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for value in Requirement.values:
            if cleaned.get(f"comment_{value}") and not cleaned.get(f"verdict_{value}"):
                self.add_error(f"verdict_{value}", _("Please choose a verdict too; a comment alone is not kept."))
        return cleaned

    def pair(self, value: int) -> tuple[Any, Any]:
        return self[f"verdict_{value}"], self[f"comment_{value}"]

    @property
    def judgements(self) -> dict[int, tuple[str, str]]:
        said = self.cleaned_data
        return {v: (said.get(f"verdict_{v}", ""), said.get(f"comment_{v}", "")) for v in Requirement.values}


class ReviewersForm(PortalForm, forms.Form):
    reviewers = forms.ModelMultipleChoiceField(
        label=_("Who reviews in this round?"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "Each finds it in the inbox. Nothing is decided before all have spoken; take somebody away to decide without."
        ),
    )

    def __init__(self, *args: Any, people: Any, spoken: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewers"].queryset = people.exclude(pk__in=list(spoken))  # type: ignore[attr-defined]


class DecisionForm(PortalForm, forms.Form):
    """Asks for the waiver if not all four are met."""

    def __init__(self, *args: Any, all_met: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not all_met:
            self.fields["waiver"] = forms.CharField(
                label=_("Why is the person listed all the same?"),
                widget=forms.Textarea(attrs={"rows": "4"}),
                max_length=2000,
                error_messages={"required": _("Please say why.")},
                help_text=_("The framework says “should” (§2.2(2)); the reason stays with the listing."),
            )
