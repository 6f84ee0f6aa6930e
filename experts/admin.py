"""People and what is known of them: areas, categories, accreditations, the ledger of days, the published pool tables."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import (
    PortalAdmin,
    PortalInline,
    ReadOnlyAdmin,
    ReadOnlyInline,
    StateFilter,
    VersionedForm,
    WorkflowAdmin,
)
from core.clock import today
from core.errors import InvalidAnswers
from experts import services
from experts.enums import Role, ServiceSource, ServiceState
from experts.models import (
    Accreditation,
    AccreditationWorkshop,
    Area,
    AreaCategory,
    AreaPriority,
    Category,
    CorrectionRequest,
    Expert,
    ExpertLanguage,
    MergedRecord,
    NotDuplicate,
    PoolSnapshot,
    PoolSnapshotRow,
    Publication,
    ServicePeriod,
    Unavailability,
)


class WordsField(forms.CharField):
    """A list of words, typed with commas between them."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [word.strip() for word in (value or "").split(",") if word.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data)


class WithWords(PortalAdmin):
    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "synonyms":
            return WordsField(label=db_field.verbose_name, required=False, help_text=_("Separated by commas."))
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("other words"))
    def words(self, obj: Area | Category) -> str:
        return ", ".join(obj.synonyms)


class AreaCategoryInline(PortalInline):
    """Table 1 and Table 2 differ for some areas: both pairs are kept, each with its source (pitfall P3)."""

    model = AreaCategory
    autocomplete_fields = ("area", "category")


class AreaPriorityInline(PortalInline):
    model = AreaPriority


@admin.register(Area)
class AreaAdmin(WithWords):
    list_display = ("name", "code", "words", "kind", "order", "is_active")
    list_filter = ("is_active", "pairs__category", "kind")
    search_fields = ("name", "=code", "synonyms")
    inlines = (AreaCategoryInline, AreaPriorityInline)


@admin.register(Category)
class CategoryAdmin(WithWords):
    list_display = ("name", "code", "words", "has_areas", "order", "is_active")
    list_filter = ("is_active", "has_areas")
    search_fields = ("name", "plural", "=code", "synonyms")
    inlines = (AreaCategoryInline,)


class AccreditationForm(VersionedForm):
    """ACE is the Secretariat's: nobody types a full accreditation by hand without the person's ACE reference (pitfall P15)."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        expert = cleaned.get("expert") or getattr(self.instance, "expert", None)
        is_full = cleaned.get("accredited_on") and cleaned.get("ace_entered_on")
        is_typed = {"accredited_on", "ace_entered_on", "expert"} & set(self.changed_data)
        if is_full and is_typed and (expert is None or not expert.ace_reference):
            self.add_error(
                "ace_entered_on",
                _(
                    "A full accreditation needs the person's ACE reference. Enter that first; until then the entry is pending."
                ),
            )
        return cleaned


class AccreditationInline(PortalInline):
    model = Accreditation
    form = AccreditationForm
    fields = (
        ("category", "area"),
        ("first_step_on", "accredited_on", "ace_entered_on", "ended_on"),
        ("source", "as_of"),
    )
    show_change_link = True


class LanguageInline(PortalInline):
    model = ExpertLanguage
    fields = (("language", "level"),)
    deletable = True


class PublicationInline(PortalInline):
    model = Publication
    fields = (("title", "year", "url"),)
    deletable = True


class UnavailabilityInline(PortalInline):
    model = Unavailability
    fields = (("first_day", "last_day", "reason"),)
    deletable = True


class ServicePeriodInline(ReadOnlyInline):
    model = ServicePeriod
    fields = ("first_day", "last_day", "place", "state", "role", "counts", "source")


@admin.register(Expert)
class ExpertAdmin(PortalAdmin):
    list_display = ("family_name", "given_name", "administration", "accredited_in", "ace_reference", "left_on")
    list_display_links = ("family_name", "given_name")
    list_filter = (
        "accreditations__category",
        "accreditations__area",
        "administration__subregion",
        ("left_on", admin.EmptyFieldListFilter),
        ("history_confirmed_from", admin.EmptyFieldListFilter),
        ("ace_reference", admin.EmptyFieldListFilter),
    )
    list_select_related = ("administration",)
    search_fields = ("family_name", "given_name", "email", "ace_reference", "administration__name", "office")
    autocomplete_fields = ("administration", "user")
    readonly_fields = ("history_confirmed_from", "profile_confirmed_on", "cv")
    inlines = (AccreditationInline, LanguageInline, PublicationInline, UnavailabilityInline, ServicePeriodInline)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("accreditations__area", "accreditations__category")

    @admin.display(description=_("accreditations today"))
    def accredited_in(self, expert: Expert) -> str:
        day = today()
        return "; ".join(
            f"{row.area.code if row.area else row.category.code}: {row.stage_on(day).label}"
            for row in expert.accreditations.all()
        )


@admin.register(Accreditation)
class AccreditationAdmin(PortalAdmin):
    form = AccreditationForm
    list_display = (
        "expert",
        "home",
        "category",
        "area",
        "stage",
        "first_step_on",
        "accredited_on",
        "ace_entered_on",
        "source",
        "as_of",
    )
    list_filter = (
        "category",
        "area",
        ("ace_entered_on", admin.EmptyFieldListFilter),
        ("ended_on", admin.EmptyFieldListFilter),
        "expert__administration__subregion",
    )
    list_select_related = ("expert__administration", "category", "area")
    search_fields = ("expert__family_name", "expert__given_name", "expert__ace_reference", "area__name", "source")
    autocomplete_fields = ("expert", "area", "category", "workshop")
    date_hierarchy = "accredited_on"

    @admin.display(description=_("home administration"), ordering="expert__administration__name")
    def home(self, accreditation: Accreditation) -> Any:
        return accreditation.expert.administration

    @admin.display(description=_("today"))
    def stage(self, accreditation: Accreditation) -> str:
        return str(accreditation.stage_on(today()).label)


class ServicePeriodForm(VersionedForm):
    """Service from before the portal, as staff know it; the cap counts it like any other."""

    class Meta:
        model = ServicePeriod
        fields = (
            "expert", "first_day", "last_day", "place", "title", "role", "under_scheme", "counts", "counts_reason", "source_note",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "source_note" in self.fields:
            self.fields["source_note"].required = True

    def clean(self) -> dict[str, Any]:
        """The lock on the person comes before that on the line, as everywhere."""
        expert = self.instance.expert if self.instance.expert_id else self.cleaned_data.get("expert")
        if expert:
            services.lock_experts(expert)
        cleaned = super().clean()
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and expert:
            try:
                services.check_days_are_free(expert, first=first, last=last, without=self.instance.pk)
            except InvalidAnswers as error:
                for name, sentence in error.fields.items():
                    self.add_error(name, str(sentence))
        by_rule = cleaned.get("role") in Role.counting()
        if bool(cleaned.get("counts")) != by_rule and not cleaned.get("counts_reason"):
            self.add_error(
                "counts_reason",
                _("Roles 1 and 2 of §3.1 count, the others do not. Please say why it is different here."),
            )
        return cleaned


@admin.register(ServicePeriod)
class ServicePeriodAdmin(PortalAdmin):
    """The one ledger of days. Lines of missions follow their mission; staff add and correct those from before the portal."""

    form = ServicePeriodForm
    list_display = ("expert", "first_day", "last_day", "days", "place", "role", "state", "counts", "source")
    list_filter = ("source", "state", "counts", "role", "under_scheme")
    list_select_related = ("expert",)
    search_fields = (
        "expert__family_name",
        "expert__given_name",
        "expert__ace_reference",
        "place",
        "title",
        "source_note",
    )
    autocomplete_fields = ("expert",)
    date_hierarchy = "first_day"

    def is_open(self, obj: Any) -> bool:
        return obj.source == ServiceSource.RECORDED and obj.state != ServiceState.RELEASED

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("expert", "state", "source") if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*ServicePeriodForm.Meta.fields, *(("state", "source") if obj else ())]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        typed = {name: value for name, value in form.cleaned_data.items() if name in ServicePeriodForm.Meta.fields}
        if change:
            services.correct_past_service(obj, by=request.user, version=form.cleaned_data["drawn_version"], **typed)
            return
        kept = services.record_past_service(
            typed.pop("expert"), first=typed.pop("first_day"), last=typed.pop("last_day"), by=request.user, **typed
        )
        obj.pk = kept.pk


@admin.register(AccreditationWorkshop)
class AccreditationWorkshopAdmin(PortalAdmin):
    list_display = ("title", "category", "area", "month", "place")
    list_filter = ("category", "area")
    list_select_related = ("category", "area")
    search_fields = ("title", "place", "area__name")
    date_hierarchy = "month"


class PoolSnapshotRowInline(ReadOnlyInline):
    model = PoolSnapshotRow
    show_change_link = False


@admin.register(PoolSnapshot)
class PoolSnapshotAdmin(ReadOnlyAdmin):
    """Published tables stay as printed."""

    list_display = ("as_of", "title", "paragraph", "source")
    search_fields = ("title", "source")
    inlines = (PoolSnapshotRowInline,)


@admin.register(AreaPriority)
class AreaPriorityAdmin(PortalAdmin):
    list_display = ("area", "kind", "since", "until", "paragraph", "note")
    list_filter = ("kind", "area")
    list_select_related = ("area",)
    search_fields = ("area__name", "note")
    autocomplete_fields = ("area",)


@admin.register(CorrectionRequest)
class CorrectionRequestAdmin(WorkflowAdmin):
    """What was asked stays as it was asked; another wording is another correction."""

    list_display = ("expert", "what", "says", "should_say", "stands", "raised_by", "created_at")
    list_filter = (StateFilter, "field", "expert__administration__subregion")
    list_select_related = ("expert__administration", "accreditation__area", "accreditation__category", "raised_by")
    search_fields = ("expert__family_name", "expert__given_name", "expert__ace_reference", "should_say", "reason")
    readonly_fields = (
        "expert", "accreditation", "field", "says", "should_say", "reason", "raised_by", "agreed_at", "sent_at", "done_at",
        "answer_note", "state_since",
    )  # fmt: skip


@admin.register(MergedRecord)
class MergedRecordAdmin(ReadOnlyAdmin):
    """Records that became part of another, and what they said."""

    list_display = ("old_id", "kept", "by", "created_at")
    list_select_related = ("kept", "by")
    search_fields = ("kept__family_name", "kept__given_name", "=old_id")


@admin.register(NotDuplicate)
class NotDuplicateAdmin(PortalAdmin):
    """Taking a row away lets the pair be shown again."""

    addable = False
    deletable = True
    list_display = ("first", "second", "note", "by", "created_at")
    list_select_related = ("first", "second", "by")
    search_fields = ("first__family_name", "second__family_name", "note")
    readonly_fields = ("first", "second", "by")
