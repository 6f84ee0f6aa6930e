"""Forms look alike: one column, the question as label, the reason under it, native controls."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

AUTOCOMPLETE = {
    "email": "email",
    "name": "name",
    "first_name": "given-name",
    "last_name": "family-name",
    "phone": "tel",
    "job_title": "organization-title",
}


class DateInput(forms.DateInput):
    """The browser's own calendar; it wants ISO dates."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class PortalForm:
    """Mixin, named before `forms.Form` or `forms.ModelForm`; a different need is a different `helper.layout`."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        for name, field in self.fields.items():
            _native(field)
            if name in AUTOCOMPLETE:
                field.widget.attrs.setdefault("autocomplete", AUTOCOMPLETE[name])


def _native(field: forms.Field) -> None:
    field.error_messages["required"] = _("Please answer this.")
    if type(field) is forms.DateField and type(field.widget) is forms.DateInput:
        field.widget = DateInput(field.widget.attrs)
        field.widget.is_required = field.required
    if isinstance(field.widget, forms.Textarea) and field.widget.attrs.get("rows") in (None, "10"):
        field.widget.attrs["rows"] = "4"


class SearchAsYouType:
    """Mixin, named before `FilterSet`: its field `q` asks for the results while it is typed."""

    form: Any
    request: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["q"].widget.attrs.update(
            {
                "type": "search",
                "autocomplete": "off",
                "hx-get": self.request.path,
                "hx-trigger": "input changed delay:300ms",
                "hx-include": "closest form",
            }
        )
