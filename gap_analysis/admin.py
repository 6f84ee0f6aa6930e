from django.contrib import admin

from core.admin import PortalAdmin, ReadOnlyAdmin, ReadOnlyInline, StateFilter, WorkflowAdmin
from gap_analysis.models import (
    AreaAnswer,
    Evidence,
    GapRow,
    GapSnapshot,
    Proposal,
    Question,
    QuestionAnswer,
    Response,
    Scenario,
    Survey,
)


class QuestionInline(ReadOnlyInline):
    model = Question
    fields = ("order", "text", "kind", "required", "retired_at")
    show_change_link = False


@admin.register(Survey)
class SurveyAdmin(WorkflowAdmin):
    """Rounds are written, opened and closed on their own pages."""

    list_display = ("title", "year", "stands", "due", "opened_at", "closed_at")
    list_filter = (StateFilter, "year")
    search_fields = ("title", "text")
    fields = ("stands", "follows", "title", "year", "text", "due", "areas", "opened_at", "closed_at", "created_by")
    readonly_fields = fields[2:]
    inlines = (QuestionInline,)


class AreaAnswerInline(ReadOnlyInline):
    model = AreaAnswer
    fields = ("area", "experts", "need", "weeks", "half", "hosts", "bears_cost", "lends", "note")
    show_change_link = False


class QuestionAnswerInline(ReadOnlyInline):
    model = QuestionAnswer
    fields = ("question", "value")
    show_change_link = False


@admin.register(Response)
class ResponseAdmin(WorkflowAdmin):
    list_display = ("administration", "survey", "stands", "submitted_at", "reminders", "reminded_on", "grace_until")
    list_filter = (StateFilter, "survey", "administration__subregion")
    list_select_related = ("administration", "survey")
    search_fields = ("administration__name", "survey__title", "note")
    fields = (
        "stands",
        "follows",
        "survey",
        "administration",
        "submitted_at",
        "grace_until",
        "reminders",
        "reminded_on",
        "note",
    )
    readonly_fields = fields[2:]
    inlines = (AreaAnswerInline, QuestionAnswerInline)


@admin.register(Evidence)
class EvidenceAdmin(PortalAdmin):
    """Remarks on an area's gap, shown beside the figures."""

    list_display = ("area", "since", "text", "paragraph", "source")
    list_filter = ("area",)
    list_select_related = ("area",)
    search_fields = ("area__name", "text")
    autocomplete_fields = ("area",)


class GapRowInline(ReadOnlyInline):
    model = GapRow
    fields = (
        "rank",
        "area",
        "level",
        "fully_accredited",
        "first_step",
        "candidates",
        "free_weeks",
        "demand_members",
        "demand_weeks",
    )
    show_change_link = False


@admin.register(GapSnapshot)
class GapSnapshotAdmin(ReadOnlyAdmin):
    """Snapshots are built by a task and never changed."""

    list_display = ("as_of", "built_at", "failed_at", "published_at", "by")
    list_filter = ("published_at",)
    list_select_related = ("by",)
    search_fields = ("note", "message")
    date_hierarchy = "as_of"
    inlines = (GapRowInline,)


@admin.register(Scenario)
class ScenarioAdmin(ReadOnlyAdmin):
    list_display = ("name", "as_of", "by", "created_at")
    list_select_related = ("by",)
    search_fields = ("name",)


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    list_display = ("number", "title", "area", "state", "sent_at", "decided_at")
    list_filter = ("state", "area")
    list_select_related = ("area",)
    search_fields = ("number", "title")
    exclude = ("state",)
