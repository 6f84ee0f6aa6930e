"""The outbox as staff read it: what left, what waits, and what a person has to decide."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import outbox
from core.enums import JobState, Tone
from core.forms import PortalForm
from core.history import history_of
from core.models import OutboxJob, StoredFile
from core.policies import may
from core.views import Download, FormPage, Guarded, ListPage, Page

TONES = {
    JobState.QUEUED: Tone.NEUTRAL,
    JobState.INFLIGHT: Tone.INFO,
    JobState.DONE: Tone.GOOD,
    JobState.FAILED: Tone.BAD,
    JobState.UNCERTAIN: Tone.WARN,
    JobState.DROPPED: Tone.NEUTRAL,
}


class OutboxFilter(filters.FilterSet):
    q = filters.CharFilter(label=gettext_lazy("Words"), method="holding_words")
    state = filters.ChoiceFilter(label=gettext_lazy("State"), choices=JobState.choices, empty_label=gettext_lazy("All"))
    only = filters.ChoiceFilter(
        label=gettext_lazy("What"),
        choices=[("mail", gettext_lazy("e-mails")), ("other", gettext_lazy("documents and the like"))],
        method="of_kind",
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = OutboxJob
        fields: list[str] = []

    def holding_words(self, qs: QuerySet[OutboxJob], name: str, value: str) -> QuerySet[OutboxJob]:
        for word in value.split():
            qs = qs.filter(
                Q(message__subject__icontains=word) | Q(message__to__icontains=word) | Q(kind__icontains=word)
            )
        return qs

    def of_kind(self, qs: QuerySet[OutboxJob], name: str, value: str) -> QuerySet[OutboxJob]:
        return qs.filter(message__isnull=value == "other")


class OfOutbox(Guarded):
    """Whoever may not read the outbox finds nothing in it."""

    action = "members.outbox"

    def rows(self) -> Any:
        jobs = OutboxJob.objects.select_related("message")
        return jobs if may(self.request.user, self.action) else jobs.none()

    @cached_property
    def object(self) -> Any:
        """By the key of the job or of its e-mail."""
        if "pk" not in self.kwargs:
            return None
        return get_object_or_404(self.rows(), Q(pk=self.kwargs["pk"]) | Q(message__pk=self.kwargs["pk"]))


def in_words(job: OutboxJob) -> dict[str, Any]:
    """What a page says of a job: the subject of its e-mail, or what it is called and what it is about."""
    message = getattr(job, "message", None)
    called = [job.kind.replace("_", " ").capitalize(), job.payload.get("about", "")]
    return {
        "job": job,
        "message": message,
        "title": message.subject if message else ": ".join(part for part in called if part),
        "label": JobState(job.state).label,
        "tone": TONES[JobState(job.state)],
        "open": job.needs_eyes,
    }


class OutboxPage(OfOutbox, ListPage):
    """What needs a decision stands on top, whatever else is asked for."""

    filterset_class = OutboxFilter
    template_name = "core/outbox.html"
    results_template = "core/_outbox_results.html"

    def found(self) -> Any:
        urgent = Case(When(state__in=[JobState.UNCERTAIN, JobState.FAILED], then=Value(0)), default=Value(1))
        return self.filterset.qs.annotate(urgent=urgent).order_by("urgent", "-created_at")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["lines"] = [in_words(job) for job in context["rows"]]
        context["waiting_for_eyes"] = OutboxJob.objects.needs_eyes().count()
        return context


class MessagePage(OfOutbox, Page):
    """One job, with its e-mail as it left: the text, and the source of the page."""

    template_name = "core/outbox_message.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**in_words(self.object), lines=history_of(self.object.pk), **kwargs)


class SettleForm(PortalForm, forms.Form):
    """A person's word on what no machine may settle."""

    again = forms.TypedChoiceField(
        label=gettext_lazy("What should happen?"),
        choices=[("yes", gettext_lazy("Send it again")), ("no", gettext_lazy("Let it be"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("How do you know?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        help_text=gettext_lazy("For example: called, and the e-mail was there."),
    )


class SettlePage(OfOutbox, FormPage):
    template_name = "core/outbox_settle.html"
    form_class = SettleForm

    def save(self, form: Any) -> Any:
        outbox.settle(
            self.object, again=form.cleaned_data["again"], by=self.request.user, note=form.cleaned_data["note"]
        )
        return reverse("core:message", args=[self.object.pk])

    @property
    def success_message(self) -> Any:
        return _("Noted. What is to be sent again leaves in a moment.")

    def cancel_url(self) -> str:
        return reverse("core:message", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**in_words(self.object), **kwargs)


class AttachmentFile(OfOutbox, Download):
    """A file as it went with an e-mail."""

    def stored(self) -> StoredFile | None:
        message = getattr(self.object, "message", None)
        if message is None or str(self.kwargs["file"]) not in {one["id"] for one in message.attachments}:
            raise Http404
        return StoredFile.objects.filter(pk=self.kwargs["file"]).first()
