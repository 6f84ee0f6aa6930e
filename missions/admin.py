"""Requests, missions, letters and what hangs on them: looked up and corrected here, moved on their own pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import PortalAdmin, ReadOnlyAdmin, ReadOnlyInline, StateFilter, WorkflowAdmin
from core.policies import may
from core.workflow import state_of
from missions.models import (
    CapacityRequest,
    Confirmation,
    FutureNeed,
    Invitation,
    Letter,
    Material,
    Mission,
    Report,
    Seat,
)


@admin.register(CapacityRequest)
class CapacityRequestAdmin(WorkflowAdmin):
    """What the beneficiary wrote stays its own; staff put area, origin and contact right."""

    list_display = ("number", "title", "beneficiary", "area", "stands", "first_day", "bears_cost", "filed_at")
    list_filter = (StateFilter, "origin", "mode", "bears_cost", "area", "beneficiary__subregion")
    list_select_related = ("beneficiary", "area")
    search_fields = ("number", "title", "objective", "beneficiary__name", "area__name", "contact_name", "contact_email")
    autocomplete_fields = ("area",)
    date_hierarchy = "first_day"
    fieldsets = (
        (None, {"fields": ("number", "stands", "follows", "state_since", "beneficiary", "origin", "area")}),
        (
            _("What is asked for"),
            {"fields": ("title", "objective", "audience", "first_day", "last_day", "mode", "place")},
        ),
        (_("Cost and contact"), {"fields": ("bears_cost", "cost_note", "contact_name", "contact_email")}),
        (
            _("Its way"),
            {
                "fields": (
                    "filed_at",
                    "checked_at",
                    "planned_at",
                    "check_note",
                    "returned_note",
                    "letter_pdf",
                    "created_by",
                )
            },
        ),
    )
    readonly_fields = (
        "number", "state_since", "beneficiary", "title", "objective", "audience", "first_day", "last_day", "mode", "place",
        "bears_cost", "cost_note", "filed_at", "checked_at", "planned_at", "check_note", "returned_note", "letter_pdf", "created_by",
    )  # fmt: skip


class SeatInline(ReadOnlyInline):
    model = Seat
    fields = ("position", "area", "category", "task", "release_first", "release_last", "bearer", "is_dropped")


class InvitationInline(ReadOnlyInline):
    model = Invitation
    fields = ("seat", "expert", "standing", "stands", "asked_at", "letter", "replied_at")
    readonly_fields = ("stands",)

    @admin.display(description=_("state"))
    def stands(self, invitation: Invitation) -> Any:
        return state_of(invitation).label

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("seat__mission", "expert", "letter__mission")


@admin.register(Mission)
class MissionAdmin(WorkflowAdmin):
    """Words, financing and terms can be put right while the mission runs; dates and mode are set on its own page, which knows
    whether a letter has frozen them."""

    list_display = (
        "number",
        "title",
        "beneficiary",
        "area",
        "stands",
        "first_day",
        "last_day",
        "plan_year",
        "financing",
    )
    list_filter = (
        StateFilter,
        "plan_year",
        "area",
        "beneficiary__subregion",
        "financing",
        "mode",
        "under_scheme",
        "role",
    )
    list_select_related = ("beneficiary", "area")
    search_fields = (
        "number", "title", "place", "donor", "beneficiary__name", "area__name", "seats__invitations__expert__family_name",
    )  # fmt: skip
    date_hierarchy = "first_day"
    inlines = (SeatInline, InvitationInline)
    fieldsets = (
        (None, {"fields": ("number", "stands", "follows", "state_since", "request", "beneficiary")}),
        (
            _("Particulars"),
            {"fields": ("title", "area", "objective", "audience", "place", "first_day", "last_day", "mode", "plan_year")},
        ),
        (_("Financing"), {"fields": ("under_scheme", "role", "financing", "donor", "deviations")}),
        (
            _("Search and team"),
            {
                "classes": ("collapse",),
                "fields": (
                    "own_experts_at", "own_experts_note", "consulted_at", "consultation_note", "team_decided_at", "team_needed",
                    "team_note", "leader", "contact_at", "contact_message",
                ),
            },
        ),
        (_("Terms of reference"), {"classes": ("collapse",), "fields": ("tor_background", "tor_input", "tor_result", "agenda")}),
        (
            _("What happened"),
            {"classes": ("collapse",), "fields": ("actual_first_day", "actual_last_day", "cancel_reason", "notice_on")},
        ),
    )  # fmt: skip
    readonly_fields = (
        "number", "state_since", "request", "beneficiary", "area", "first_day", "last_day", "mode", "plan_year", "own_experts_at",
        "own_experts_note", "consulted_at", "consultation_note", "team_decided_at", "team_needed", "team_note", "leader",
        "contact_at", "contact_message", "actual_first_day", "actual_last_day", "cancel_reason", "notice_on",
    )  # fmt: skip

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or bool(may(request.user, "missions.shape_mission", obj)))


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin, WorkflowAdmin):
    list_display = ("expert", "mission", "standing", "stands", "letter", "replied_at", "counts")
    list_filter = (StateFilter, "standing", "counts", "mission__area")
    list_select_related = ("expert", "mission", "letter__mission")
    search_fields = ("expert__family_name", "expert__given_name", "mission__number", "mission__title", "letter__number")


@admin.register(Seat)
class SeatAdmin(ReadOnlyAdmin):
    list_display = ("mission", "position", "area", "category", "release_first", "release_last", "bearer", "is_dropped")
    list_filter = ("bearer", "is_dropped", "area")
    list_select_related = ("mission", "area", "category")
    search_fields = ("mission__number", "mission__title", "task")


@admin.register(Letter)
class LetterAdmin(PortalAdmin):
    """Its words can be changed until it has left; what a sent letter says is frozen."""

    addable = False
    list_display = ("__str__", "mission", "administration", "sent_on", "sent_by", "on_paper", "reminders", "revoked_at")
    list_filter = (
        ("sent_at", admin.EmptyFieldListFilter),
        ("revoked_at", admin.EmptyFieldListFilter),
        "on_paper",
        "administration",
    )
    list_select_related = ("mission", "administration", "sent_by")
    search_fields = ("number", "mission__number", "mission__title", "administration__name", "verification")
    date_hierarchy = "sent_on"
    fieldsets = (
        (None, {"fields": ("number", "mission", "administration", "prepared_by", "ready_at")}),
        (_("What it says"), {"fields": ("opening", "extra", "conditions", "exception_reason")}),
        (
            _("Its way"),
            {
                "fields": (
                    "sent_on",
                    "sent_at",
                    "sent_by",
                    "signatory",
                    "on_paper",
                    "document",
                    "verification",
                    "reminders",
                    "revoked_at",
                )
            },
        ),
        (_("Frozen with the sending"), {"classes": ("collapse",), "fields": ("particulars",)}),
    )
    readonly_fields = (
        "number", "mission", "administration", "prepared_by", "ready_at", "sent_on", "sent_at", "sent_by", "signatory", "on_paper",
        "document", "verification", "reminders", "revoked_at", "particulars",
    )  # fmt: skip

    def is_open(self, obj: Any) -> bool:
        return obj.sent_at is None


@admin.register(Confirmation)
class ConfirmationAdmin(ReadOnlyAdmin):
    list_display = ("invitation", "party", "said_by", "said_on", "recorded_by")
    list_filter = ("party",)
    list_select_related = ("invitation__expert", "invitation__mission", "recorded_by")
    search_fields = ("said_by", "note", "invitation__expert__family_name", "invitation__mission__number")


@admin.register(Material)
class MaterialAdmin(ReadOnlyAdmin):
    list_display = ("title", "kind", "mission", "added_by", "created_at")
    list_filter = ("kind",)
    list_select_related = ("mission", "added_by")
    search_fields = ("title", "mission__number", "mission__title")


class FutureNeedInline(ReadOnlyInline):
    model = FutureNeed
    show_change_link = False


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin, WorkflowAdmin):
    list_display = ("mission", "stands", "due_on", "submitted_at", "accepted_at")
    list_filter = (StateFilter, "mission__area", "mission__beneficiary__subregion")
    list_select_related = ("mission",)
    search_fields = ("mission__number", "mission__title", "mission__beneficiary__name")
    date_hierarchy = "due_on"
    inlines = (FutureNeedInline,)


@admin.register(FutureNeed)
class FutureNeedAdmin(ReadOnlyAdmin):
    list_display = ("what", "area", "urgency", "report")
    list_filter = ("urgency", "area")
    list_select_related = ("area", "report__mission")
    search_fields = ("what", "report__mission__number")
