"""Opportunities: the list, one with who was told, written, read over and told, told to more, closed (§5.1, §5.3)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.autosave import Autosave, Kept
from core.clock import day_of, today
from core.exports import Export
from core.history import history_of
from core.views import FormPage, ListPage, TransitionPage
from core.workflow import blocked, in_reach, state_of
from experts.models import AccreditationWorkshop
from support import queries, services
from support.enums import Audience, OpportunityKind
from support.filters import NoticeFilter, OpportunityFilter
from support.forms import BeginForm, OpportunityForm, PlainForm
from support.models import Opportunity
from support.workflow import OPPORTUNITY


class OpportunitiesPage(ListPage):
    """For the offices with how far the telling has come; for others what they were told of, with the own answer."""

    action = "support.list"
    model = Opportunity
    template_name = "support/opportunities.html"
    results_template = "support/_opportunities.html"
    filterset_class = OpportunityFilter
    sorts = {
        "since": ("created_at", "pk"),
        "title": ("title", "pk"),
        "kind": ("kind", "title", "pk"),
        "told": ("told_at", "pk"),
        "deadline": ("deadline", "title", "pk"),
    }
    first_sort = "-since"

    def rows(self) -> Any:
        return super().rows().select_related("area")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["told"] = queries.told_rows(context["rows"], self.request.user)
        context["is_office"] = self.request.user.is_office
        return context


class OpportunitiesExport(Export, OpportunitiesPage):
    """The same rows with the figures; for others with the own answer."""

    def table(self) -> Any:
        office = self.request.user.is_office
        head = [_("Title"), _("Kind"), _("Area"), _("State"), _("Decided on"), _("Told on"), _("Sign up by")]
        if office:
            head += [
                _("Days from decision"),
                _("Told"),
                _("Seen"),
                _("Not deliverable"),
                _("Signed up"),
                _("Not interested"),
            ]
        else:
            head += [_("Own answer")]
        return f"opportunities-{today().isoformat()}", head, [
            self.line(row, office) for row in queries.told_rows(self.found(), self.request.user)
        ]  # fmt: skip

    @staticmethod
    def line(row: queries.Told, office: bool) -> list[Any]:
        one, counts = row.opportunity, row.counts
        own = "; ".join(f"{notice.reader}: {notice.answer_words}" for notice in row.own)
        return [
            one.title, one.get_kind_display(), one.area, state_of(one).label, one.decided_on,
            day_of(one.told_at) if one.told_at else None, one.deadline,
            *(
                (one.told_after, counts.told, counts.seen, counts.failed, counts.signed_up, counts.declined)
                if office
                else (own,)
            ),
        ]  # fmt: skip


class OpportunityPage(ListPage):
    """What it says and, for the offices, who was told when and what came back. Whoever was told has then seen it."""

    action = "support.see"
    model = Opportunity
    template_name = "support/opportunity.html"
    results_template = "support/_notices.html"
    filterset_class = NoticeFilter
    sorts = {
        "name": ("audience", "name", "pk"),
        "home": ("home", "name", "pk"),
        "told": ("sent_at", "name", "pk"),
        "seen": ("seen_at", "name", "pk"),
        "answered": ("answered_at", "name", "pk"),
    }

    def rows(self) -> Any:
        return super().rows().select_related("area", "workshop", "created_by")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "GET":
            services.mark_seen(self.object, by=request.user)
        return super().get(request, *args, **kwargs)

    @cached_property
    def filterset(self) -> Any:
        rows = queries.notices_of(self.object, self.request.user)
        if not self.request.user.is_office:
            rows = rows.none()
        return NoticeFilter(self.request.GET, queryset=rows, request=self.request)

    def saved_searches(self) -> dict[str, Any]:
        """The list of one opportunity is no place to come back to by name."""
        return {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        opportunity, user = self.object, self.request.user
        entries = list(history_of(opportunity.pk)) if user.is_office else []
        return super().get_context_data(
            object=opportunity,
            texts=queries.texts_for(opportunity, user),
            own=queries.own_notices(opportunity, user),
            copies=queries.about_own_people(opportunity, user),
            workshop=AccreditationWorkshop.objects.visible_to(user).filter(pk=opportunity.workshop_id).first(),
            counts=queries.counts_of(opportunity.notices.all()) if user.is_office else None,
            more=len(queries.not_yet_told(opportunity)) if user.is_rocb and services.is_open(opportunity) else 0,
            is_office=user.is_office,
            is_draft=services.is_draft(opportunity),
            is_open=services.is_open(opportunity),
            entries=entries,
            reminded=next((entry for entry in entries if entry.name == "reminded"), None),
            **kwargs,
        )


class NoticesExport(Export, OpportunityPage):
    """Who was told when, and what came back: the rows that the page shows."""

    action = "support.export_notices"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return Export.get(self, request, *args, **kwargs)

    def table(self) -> Any:
        head = [
            _("Name"), _("Administration"), _("Told as"), _("Told on"), _("Days from decision"), _("Seen on"), _("Standing"),
            _("Signed up on"), _("Not interested, on"), _("Not deliverable, on"), _("Why not"),
        ]  # fmt: skip
        rows = [
            [
                row.reader, row.home, row.get_audience_display(), _day(row.left_at), row.told_after, _day(row.seen_at),
                row.standing.label, _day(row.signed_up_at), _day(row.declined_at), _day(row.failed_at), row.failed_note,
            ]
            for row in self.found()
        ]  # fmt: skip
        return f"told-of-opportunity-{today().isoformat()}", head, rows


def _day(moment: Any) -> Any:
    return day_of(moment) if moment else None


class OpportunityNew(FormPage):
    """A draft with a name; the page after this one keeps what is typed."""

    action = "support.add"
    form_class = BeginForm
    template_name = "support/opportunity_new.html"

    def initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("kind", "")
        return {"kind": asked if asked in OpportunityKind.values else ""}

    def cancel_url(self) -> str:
        return reverse("support:opportunities")

    def save(self, form: Any) -> str:
        begun = services.draft(by=self.request.user, **form.cleaned_data)
        return reverse("support:opportunity-edit", args=[begun.pk])


class OpportunityEdit(FormPage):
    action = "support.edit"
    model = Opportunity
    form_class = OpportunityForm
    template_name = "support/opportunity_edit.html"

    def initial(self) -> dict[str, Any]:
        return {name: self.object.serializable_value(name) for name in services.FIELDS}

    def save(self, form: Any) -> str:
        services.edit(self.object, by=self.request.user, version=self.version, **form.cleaned_data)
        return reverse("support:opportunity-tell", args=[self.object.pk])


class OpportunityAutosave(Autosave, OpportunityEdit):
    """What does not hold yet is left as it was."""

    def keep(self, form: Any) -> Kept:
        kept = services.keep(self.object, version=self.version, fields=form.cleaned_data)
        return kept, [str(form.fields[name].label) for name in form.errors if name in form.fields]


class OpportunityTell(FormPage):
    """Both texts as they will be read, and by whom, read over before anything leaves."""

    action = "support.tell"
    model = Opportunity
    form_class = PlainForm
    template_name = "support/opportunity_tell.html"

    def rows(self) -> Any:
        return super().rows().select_related("area", "workshop")

    @cached_property
    def row(self) -> Any:
        return OPPORTUNITY.transition("tell")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        opportunity = self.object
        is_open = in_reach(opportunity, self.row)
        readers = queries.readers_of(opportunity) if is_open else []
        return super().get_context_data(
            row=self.row,
            is_open=is_open,
            reason=blocked(opportunity, self.row),
            state=state_of(opportunity),
            previews=[
                queries.preview(opportunity, audience, [one for one in readers if one.audience == audience])
                for audience in Audience
            ],
            hints=queries.hints(opportunity),
            readers=len(readers),
            **kwargs,
        )

    def save(self, form: Any) -> str:
        told = services.tell(self.object, by=self.request.user, version=self.version)
        number = told.notices.count()
        messages.success(
            self.request,
            ngettext(
                "On its way: %(n)d e-mail, and a place in the inbox of whoever is told.",
                "On its way: %(n)d e-mails, and a place in the inbox of everybody who is told.",
                number,
            )
            % {"n": number},
        )
        return told.get_absolute_url()


class OfTold(FormPage):
    """A question about an opportunity that was told; once it is closed the page says so."""

    model = Opportunity
    form_class = PlainForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(is_open=services.is_open(self.object), **kwargs)


class TellRest(OfTold):
    """Members and people who belong to the audience by now and were not told; nobody is told twice."""

    action = "support.tell_rest"
    template_name = "support/opportunity_tell_rest.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(readers=queries.not_yet_told(self.object), **kwargs)

    def save(self, form: Any) -> str:
        number = services.tell_rest(self.object, by=self.request.user)
        messages.success(self.request, ngettext("%(n)d more is told.", "%(n)d more are told.", number) % {"n": number})
        return self.object.get_absolute_url()


class Remind(OfTold):
    """Once more to all who have not seen it, by one click on the page of the opportunity; this page says to whom."""

    action = "support.remind"
    template_name = "support/opportunity_remind.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(unseen=list(self.object.notices.unseen().with_people()), **kwargs)

    def save(self, form: Any) -> str:
        number = services.remind(self.object, by=self.request.user)
        sentence = ngettext("A reminder goes to %(n)d reader.", "A reminder goes to %(n)d readers.", number)
        messages.success(self.request, sentence % {"n": number})
        return self.object.get_absolute_url()


class OpportunityDiscard(FormPage):
    """Asked before it is done: the draft is gone for good."""

    action = "support.edit"
    model = Opportunity
    form_class = PlainForm
    template_name = "support/opportunity_discard.html"
    success_message = gettext_lazy("The draft is thrown away. Nobody was told of it.")

    def save(self, form: Any) -> str:
        services.discard(self.object, by=self.request.user, version=self.version)
        return reverse("support:opportunities")


class OpportunityDo(TransitionPage):
    action = "support.see"
    model = Opportunity
