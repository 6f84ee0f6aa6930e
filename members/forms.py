from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from core.clock import ZONES
from core.forms import PortalForm
from members.enums import Party
from members.models import Administration, User


class InvitationForm(PortalForm, forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("The address at the office; it is also the sign-in name.")
    )
    name = forms.CharField(label=_("Name"), max_length=160)
    party = forms.ChoiceField(label=_("Party"), choices=Party)
    administration = forms.ModelChoiceField(
        Administration.objects.active(),
        label=_("Administration"),
        required=False,
        help_text=_("For focal points of administrations; for a training centre its host."),
    )


class MembershipForm(PortalForm, forms.Form):
    party = forms.ChoiceField(label=_("Party"), choices=Party)
    administration = forms.ModelChoiceField(Administration.objects.active(), label=_("Administration"), required=False)


class JoinForm(PortalForm, forms.Form):
    """The password is judged by the same rules as everywhere."""

    password = forms.CharField(
        label=_("Choose a password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        help_text=_("At least 12 characters; a sentence that only you know is easy to keep."),
    )
    again = forms.CharField(
        label=_("Once more"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]

    def clean_again(self) -> str:
        if self.cleaned_data["again"] != self.cleaned_data.get("password", self.cleaned_data["again"]):
            raise forms.ValidationError(_("The two are not the same."))
        return self.cleaned_data["again"]


class AccountForm(PortalForm, forms.ModelForm):
    timezone = forms.ChoiceField(
        label=_("Times are shown in"),
        required=False,
        choices=lambda: [
            ("", _("the zone of my administration")),
            *[(z, z) for z in sorted(ZONES) if "/" in z],
        ],
    )

    class Meta:
        model = User
        fields = ["name", "timezone"]


class AbsenceForm(PortalForm, forms.Form):
    first_day = forms.DateField(label=_("First day"))
    last_day = forms.DateField(label=_("Last day"))
