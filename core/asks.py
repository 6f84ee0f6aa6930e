"""The form of a transition, made from what its row asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import UploadRefused
from core.files import SCANS, check_upload
from core.forms import PortalForm
from core.workflow import Ask, Transition


class UploadField(forms.FileField):
    """A file of an allowed kind and size; what is wrong comes back as a sentence."""

    def __init__(self, *, endings: tuple[str, ...], **kwargs: Any) -> None:
        self.endings = endings
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = ",".join(f".{e}" for e in endings)

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload:
            try:
                check_upload(upload, self.endings)
            except UploadRefused as error:
                raise forms.ValidationError(str(error.sentence)) from error
        return upload


@dataclass(frozen=True)
class _Checked:
    """A row's own check of an answer, as the validator of a field."""

    check: Callable[[Any, Any], str | None]
    obj: Any

    def __call__(self, answer: Any) -> None:
        if reason := self.check(self.obj, answer):
            raise forms.ValidationError(reason)


def field_for(ask: Ask, obj: Any) -> forms.Field:
    common: dict[str, Any] = {"label": ask.label, "required": ask.required, "help_text": ask.help}
    if ask.check:
        common["validators"] = [_Checked(ask.check, obj)]
    if ask.kind == "date":
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)
    if ask.kind == "yes_no":
        return forms.TypedChoiceField(
            choices=[("yes", _("Yes")), ("no", _("No"))],
            coerce=lambda value: value == "yes",
            empty_value=None,
            widget=forms.RadioSelect,
            **common,
        )
    if ask.kind == "choice":
        choices = list(ask.options(obj)) if ask.options else list(ask.choices)
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    if ask.kind == "file":
        return UploadField(endings=SCANS, **common)
    if ask.kind == "email":
        return forms.EmailField(**common)
    if ask.kind == "text":
        return forms.CharField(max_length=160, **common)
    return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=5000, **common)


def form_class_for(obj: Any, row: Transition) -> type[forms.Form]:
    return type("TransitionForm", (PortalForm, forms.Form), {ask.name: field_for(ask, obj) for ask in row.asks})
