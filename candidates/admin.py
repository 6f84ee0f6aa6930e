from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from candidates.models import (
    Attachment,
    Call,
    CalledMember,
    Evidence,
    FieldMission,
    Listing,
    Nomination,
    Review,
    WorkshopNominee,
)
from core.admin import PortalAdmin, ReadOnlyInline, StateFilter, WorkflowAdmin


@admin.register(Listing)
class ListingAdmin(PortalAdmin):
    """ROCB's candidate list; who leaves it gets a last day and stays in the records."""

    list_display = ("expert", "home", "area", "origin", "listed_on", "left_on")
    list_filter = ("origin", "area", ("left_on", admin.EmptyFieldListFilter))
    list_select_related = ("expert__administration", "area")
    search_fields = ("expert__family_name", "expert__given_name", "expert__administration__name", "area__name")
    autocomplete_fields = ("expert", "area", "recommended_by")
    readonly_fields = ("listed_by",)
    date_hierarchy = "listed_on"

    @admin.display(description="home administration", ordering="expert__administration__name")
    def home(self, listing: Listing) -> Any:
        return listing.expert.administration

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.listed_by = request.user
        super().save_model(request, obj, form, change)


class CalledMemberInline(ReadOnlyInline):
    """Who was asked, and what was said; noted on the page of the call."""

    model = CalledMember
    fields = ("administration", "answer", "answered_at", "answered_by", "note")
    show_change_link = False


@admin.register(Call)
class CallAdmin(WorkflowAdmin):
    list_display = ("title", "stands", "deadline", "sent_at", "closed_at")
    list_filter = (StateFilter, "areas")
    search_fields = ("title", "text", "areas__name")
    date_hierarchy = "deadline"
    fields = ("stands", "follows", "title", "text", "areas", "deadline", "sent_at", "closed_at", "created_by")
    readonly_fields = ("title", "text", "areas", "deadline", "sent_at", "closed_at", "created_by")
    inlines = (CalledMemberInline,)


@admin.register(WorkshopNominee)
class WorkshopNomineeAdmin(WorkflowAdmin):
    list_display = ("expert", "workshop", "stands", "put_forward_by")
    list_filter = (StateFilter, "workshop")
    list_select_related = ("expert", "workshop", "put_forward_by")
    search_fields = ("expert__family_name", "expert__given_name", "workshop__title")
    fields = (
        "stands",
        "follows",
        "workshop",
        "expert",
        "note",
        "outcome_note",
        "decided_at",
        "accreditation",
        "put_forward_by",
    )
    readonly_fields = ("workshop", "expert", "note", "outcome_note", "decided_at", "accreditation", "put_forward_by")


@admin.register(FieldMission)
class FieldMissionAdmin(PortalAdmin):
    """Field missions that follow a first step; recorded on the path of the person, looked up here."""

    list_display = ("accreditation", "place", "first_day", "last_day", "assessor", "assessor_name", "assessment")
    list_filter = ("assessment",)
    list_select_related = ("accreditation__expert", "accreditation__area", "accreditation__category", "assessor")
    search_fields = ("accreditation__expert__family_name", "place", "assessor_name", "assessor__family_name")
    autocomplete_fields = ("assessor",)
    readonly_fields = ("accreditation", "recorded_by")
    date_hierarchy = "first_day"


class EvidenceInline(ReadOnlyInline):
    model = Evidence
    fields = ("requirement", "by_nominator", "by_nominee")
    show_change_link = False


class AttachmentInline(ReadOnlyInline):
    model = Attachment
    fields = ("title", "requirement", "by_nominee", "removed_at")
    show_change_link = False


class ReviewInline(ReadOnlyInline):
    model = Review
    fields = ("reviewer", "round", "given_at")
    show_change_link = False


@admin.register(Nomination)
class NominationAdmin(WorkflowAdmin):
    """Nominations are written, reviewed and decided on their own pages."""

    list_display = ("name", "home", "origin", "stands", "submitted_at", "decided_at")
    list_filter = (StateFilter, "origin", "areas", "home__subregion")
    list_select_related = ("home",)
    search_fields = ("given_name", "family_name", "email", "home__name")
    date_hierarchy = "created_at"
    fields = (
        "stands", "follows", "origin", "home", "centre_host", "expert", "given_name", "family_name", "office", "email", "why",
        "areas", "created_by", "submitted_at", "consented_at", "consent_version", "home_told_at", "home_agreed_at", "objected_at",
        "objection_note", "returned_note", "decided_at", "waiver", "decision_note",
    )  # fmt: skip
    readonly_fields = fields[2:]
    inlines = (EvidenceInline, AttachmentInline, ReviewInline)
