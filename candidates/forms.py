from typing import Any

from crispy_forms.layout import Field, Fieldset, Layout
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from candidates.enums import CallAnswer, LeftKind, Origin
from candidates.models import Call
from core.clock import day_words, today
from core.forms import PortalForm
from experts.models import Area, Expert
from members.enums import Subregion
from members.models import Administration


class KnownPerson(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.family_name}, {obj.given_name} ({obj.administration})"


class KnownOrNewForm(PortalForm, forms.Form):
    """A person known here, or a new one: exactly one of the two. `people` are the few that can be chosen."""

    expert = KnownPerson(
        label=_("Somebody known here"),
        queryset=Expert.objects.none(),
        required=False,
        empty_label=_("somebody new, named below"),
    )
    given_name = forms.CharField(label=_("Given name"), max_length=80, required=False)
    family_name = forms.CharField(label=_("Family name"), max_length=80, required=False)
    administration = forms.ModelChoiceField(
        label=_("Home administration"), queryset=Administration.objects.active(), required=False
    )
    office = forms.CharField(label=_("Office"), max_length=160, required=False)
    email = forms.EmailField(label=_("E-mail address"), required=False)

    NEW = ("given_name", "family_name", "administration")

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expert"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        asked = [name for name in self.NEW if name in self.fields]
        named = [name for name in asked if answers.get(name)]
        if answers.get("expert") and named:
            self.add_error("expert", _("Choose somebody known here, or name somebody new; not both."))
        if not answers.get("expert") and "expert" not in self.errors:
            for name in asked:
                if not answers.get(name) and name not in self.errors:
                    self.add_error(name, _("Please answer this, or choose somebody known above."))
        return answers


class ListingForm(KnownOrNewForm):
    area = forms.ModelChoiceField(label=_("Area"), queryset=Area.objects.active())
    origin = forms.ChoiceField(label=_("Who brought the person to the list?"), choices=Origin, widget=forms.RadioSelect)
    recommended_by = forms.ModelChoiceField(
        label=_("Which centre"),
        queryset=Administration.objects.filter(centre__is_active=True),
        required=False,
        help_text=_("Only if a training centre recommends the person; named by its host."),
    )
    listed_on = forms.DateField(label=_("On the list since"), initial=today)
    note = forms.CharField(
        label=_("What the person is known for"), widget=forms.Textarea, max_length=2000, required=False
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        """`people` are the few that were found or named; nobody chooses from thousands."""
        super().__init__(*args, people=people, **kwargs)
        if not people.exists():
            self.fields["expert"].widget = forms.HiddenInput()
        self.helper.layout = Layout(
            "expert",
            Fieldset(_("If it is somebody new"), *self.NEW, "office", "email", css_class="part"),
            Fieldset(_("The listing"), "area", "origin", "recommended_by", "listed_on", "note", css_class="part"),
        )

    @property
    def listing(self) -> dict[str, Any]:
        """As `list_candidate` takes it."""
        answers = dict(self.cleaned_data)
        person = {name: answers.pop(name) for name in (*self.NEW, "office", "email")}
        return {**answers, "person": None if answers["expert"] else person}


class LeaveForm(PortalForm, forms.Form):
    """Why a line ends. An administration or the person need give no other kind than their wish."""

    kind = forms.ChoiceField(label=_("Why?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason in a few words"), max_length=200, help_text=_("The home administration and the person read it.")
    )

    # Lapsing is done by the clock alone.
    KINDS = (LeftKind.ACCREDITED, LeftKind.WISH, LeftKind.OBJECTED, LeftKind.OTHER)

    def __init__(self, *args: Any, only_wish: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if only_wish:
            del self.fields["kind"]
        else:
            self.fields["kind"].choices = [(k.value, k.label) for k in self.KINDS]  # type: ignore[attr-defined]


class ConfirmForm(PortalForm, forms.Form):
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class ContactForm(PortalForm, forms.Form):
    on = forms.DateField(label=_("On which day were you in touch?"), initial=today)
    note = forms.CharField(
        label=_("What was said"),
        widget=forms.Textarea,
        max_length=2000,
        required=False,
        help_text=_("Only the two offices read it."),
    )


STILL_RIGHT, END, LATER = "right", "end", "later"


class ConfirmLinesForm(PortalForm, forms.Form):
    """One question for each line: still right, to be ended, or left for later."""

    CHOICES = ((STILL_RIGHT, _("Still right")), (END, _("Take off the list")), (LATER, _("Decide later")))

    reason = forms.CharField(
        label=_("If somebody is taken off: why?"),
        max_length=200,
        required=False,
        help_text=_("A few words are enough. They are read by ROCB, the administration and the person."),
    )

    def __init__(self, *args: Any, lines: list[Any], is_person: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = {f"line-{line.pk}": line for line in lines}
        for name, line in self.lines.items():
            self.fields[name] = forms.ChoiceField(
                label=str(line.area) if is_person else f"{line.expert.name}, {line.area}",
                choices=self.CHOICES,
                initial=STILL_RIGHT,
                widget=forms.RadioSelect,
                help_text=self.words(line),
            )
        self.helper.layout = Layout(*self.lines, "reason")

    @staticmethod
    def words(line: Any) -> str:
        since = day_words(line.listed_on)
        if not line.confirmed_on:
            return gettext("On the list since %(since)s, not confirmed yet") % {"since": since}
        last = day_words(line.confirmed_on)
        return gettext("On the list since %(since)s, last confirmed %(last)s") % {"since": since, "last": last}

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if self.chosen(END) and not answers.get("reason", "").strip() and "reason" not in self.errors:
            self.add_error("reason", _("Please say why in a few words."))
        return answers

    def chosen(self, answer: str) -> list[Any]:
        return [line for name, line in self.lines.items() if self.cleaned_data.get(name) == answer]


# Calls


class CallForm(PortalForm, forms.ModelForm):
    """What members are asked, until when, and who is asked: everybody, whole sub-regions, or some by name."""

    EVERYBODY = "everybody"

    areas = forms.ModelMultipleChoiceField(
        label=_("In which areas?"),
        queryset=Area.objects.active(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Areas in which nobody is accredited yet stand first."),
    )
    groups = forms.MultipleChoiceField(
        label=_("Who is asked?"),
        choices=[(EVERYBODY, _("All member administrations")), *Subregion.choices],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    members = forms.ModelMultipleChoiceField(
        label=_("And these by name"),
        queryset=Administration.objects.active(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Call
        fields = ["title", "text", "areas", "deadline"]
        labels = {
            "title": _("Subject"),
            "text": _("What members read"),
            "deadline": _("By when are answers wished?"),
        }
        help_texts = {
            "title": _("A few words: “Experts in non-intrusive inspection”."),
            "text": _("What the experts are looked for, and what is hoped of them."),
            "deadline": _("A late answer counts all the same."),
        }

    def __init__(self, *args: Any, covered: Any = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = sorted(Area.objects.active(), key=lambda area: (area.pk in covered, area.order))
        self.fields["areas"].choices = [  # type: ignore[attr-defined]
            (area.pk, area.name if area.pk in covered else _("%(area)s (nobody accredited yet)") % {"area": area.name})
            for area in areas
        ]
        self.helper.layout = Layout(
            "title",
            "text",
            Field("areas", wrapper_class="in-columns"),
            "deadline",
            Field("groups", wrapper_class="in-columns"),
            Field("members", wrapper_class="in-columns"),
        )

    @property
    def call(self) -> dict[str, Any]:
        """As `draft_call` and `edit_call` take it, the members of all groups named one by one."""
        answers = dict(self.cleaned_data)
        groups = answers.pop("groups")
        chosen = set(answers.pop("members"))
        if groups:
            everybody = Administration.objects.active()
            chosen |= set(everybody if self.EVERYBODY in groups else everybody.filter(subregion__in=groups))
        return {**answers, "members": chosen}


class CallAnswerForm(PortalForm, forms.Form):
    answer = forms.ChoiceField(
        label=_("What does the administration answer?"),
        choices=[
            (CallAnswer.NOMINATES, _("Somebody is nominated; the nomination follows")),
            (CallAnswer.NOBODY, _("Nobody at present")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("A word to ROCB"), max_length=200, required=False)


class PlainForm(PortalForm, forms.Form):
    """Nothing to fill in: the question is the button."""
