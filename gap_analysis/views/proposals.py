"""From an area's gap to a proposal for a workshop: composed, edited, read over, sent, answered; the list and the documents (§5.3)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.autosave import Autosave
from core.clock import day_of, today
from core.exports import Export
from core.history import history_of
from core.models import StoredFile
from core.views import Download, FormPage, ListPage, Page, TransitionPage
from core.workflow import blocked, in_reach, state_of
from experts.models import Area
from gap_analysis import jobs, letters, services
from gap_analysis.filters import ProposalFilter
from gap_analysis.forms_proposals import ComposeForm, ProposalForm
from gap_analysis.forms_survey import PlainForm
from gap_analysis.models import Proposal
from gap_analysis.queries import proposals as queries
from gap_analysis.workflow import PROPOSAL
from members.notices import secretariat


class ProposalsPage(ListPage):
    """Every proposal with where it stands and how long it has been with the Secretariat."""

    action = "gap_analysis.list_proposals"
    model = Proposal
    filterset_class = ProposalFilter
    template_name = "gap_analysis/proposals.html"
    results_template = "gap_analysis/_proposals.html"
    sorts = {
        "since": ("created_at", "pk"),
        "number": ("number",),
        "area": ("area__name", "pk"),
        "sent": ("sent_at", "pk"),
        "decided": ("decided_at", "pk"),
    }
    first_sort = "-since"

    def rows(self) -> Any:
        return super().rows().select_related("area")


class ProposalsExport(Export, ProposalsPage):
    def table(self) -> Any:
        head = [
            _("Number"), _("Title"), _("Area"), _("State"), _("Sent"), _("Decided"), _("Days with the Secretariat"),
            _("Looked at again on"), _("The Secretariat's words"),
        ]  # fmt: skip
        rows = [
            [
                row.number, row.title, row.area.name, state_of(row).label, day_of(row.sent_at) if row.sent_at else None,
                day_of(row.decided_at) if row.decided_at else None, row.days, row.deferred_until, row.decision_note,
            ]
            for row in self.found()
        ]  # fmt: skip
        return f"proposals-{today().isoformat()}", head, rows


class Propose(FormPage):
    """What was tried comes first; then the draft is composed from the evidence."""

    action = "gap_analysis.propose"
    model = Area
    form_class = PlainForm
    template_name = "gap_analysis/propose.html"
    success_message = gettext_lazy("The draft is composed. Read every text: it is yours now, and saved while you type.")

    def rows(self) -> Any:
        return Area.objects.all() if self.request.user.is_office else Area.objects.none()

    def cancel_url(self) -> str:
        return reverse("gap_analysis:area", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(steps=queries.steps_for(self.object, self.request.user), **kwargs)

    def save(self, form: Any) -> str:
        proposal = services.propose(self.object, by=self.request.user)
        return reverse("gap_analysis:proposal-edit", args=[proposal.pk])


class OfProposal:
    """Pages whose object is a proposal, with what they show of it."""

    model = Proposal
    object: Any

    def rows(self) -> Any:
        rows = super().rows()  # type: ignore[misc]
        return rows.select_related("area", "category", "host", "call", "snapshot", "document", "editable", "created_by")

    def words(self) -> list[tuple[str, Any, str]]:
        return [(name, title, getattr(self.object, name)) for name, title in letters.SECTIONS]


class ProposalPage(OfProposal, Page):
    action = "gap_analysis.see_proposal"
    template_name = "gap_analysis/proposal.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        proposal, user = self.object, self.request.user
        return super().get_context_data(
            sections=self.words(),
            short=letters.proposal_facts(proposal),
            facts=letters.evidence_facts(proposal.evidence),
            chart=letters.evidence_chart(proposal.area, proposal.evidence),
            is_draft=queries.is_draft(proposal),
            opportunity=queries.opportunity_of(proposal, user),
            candidates=queries.candidates_in(proposal.area, today()).select_related("expert__administration"),
            entries=history_of(proposal.pk),
            **kwargs,
        )


class ProposalEdit(OfProposal, FormPage):
    action = "gap_analysis.edit_proposal"
    form_class = ProposalForm
    template_name = "gap_analysis/proposal_edit.html"
    was_beaten = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not queries.is_draft(self.object):
            messages.info(request, _("The proposal has been sent; its words stay as they are."))
            return redirect(self.object)
        return super().get(request, *args, **kwargs)

    def initial(self) -> dict[str, Any]:
        proposal = self.object
        texts = {name: getattr(proposal, name) for name in ("title", "category", "host", *dict(letters.SECTIONS))}
        return texts | {"month": proposal.month.isoformat() if proposal.month else ""}

    def form_kwargs(self) -> dict[str, Any]:
        return {"proposal": self.object}

    def save(self, form: Any) -> str:
        services.save_proposal(self.object, by=self.request.user, version=self.version, **form.cleaned_data)
        if "send" in self.request.POST:
            return reverse("gap_analysis:proposal-send", args=[self.object.pk])
        messages.success(self.request, _("The draft is saved."))
        return self.object.get_absolute_url()

    def reload(self) -> None:
        super().reload()
        self.was_beaten = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "autosave": reverse("gap_analysis:proposal-autosave", args=[self.object.pk]),
            "theirs": context["form"].unlike(self.object) if self.was_beaten else [],
            "missing": blocked(self.object, PROPOSAL.transition("send")),
            "facts": letters.evidence_facts(self.object.evidence),
        }


class ProposalAutosave(OfProposal, Autosave):
    action = "gap_analysis.edit_proposal"
    form_class = ProposalForm

    def form_kwargs(self) -> dict[str, Any]:
        return {"proposal": self.object}

    def keep(self, form: Any) -> tuple[Any, list[str]]:
        kept = services.save_proposal(
            self.object, by=self.request.user, version=self.version, keeps_trace=False, **form.cleaned_data
        )
        return kept, form.unread()


class ComposeAgain(OfProposal, FormPage):
    """Fresh evidence, and the texts that are ticked written anew; asked before it is done."""

    action = "gap_analysis.edit_proposal"
    form_class = ComposeForm
    template_name = "gap_analysis/proposal_compose.html"
    success_message = gettext_lazy("The evidence is renewed, and the texts you ticked are written anew.")

    def form_kwargs(self) -> dict[str, Any]:
        return {"proposal": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(is_open=queries.is_draft(self.object), state=state_of(self.object), **kwargs)

    def save(self, form: Any) -> str:
        services.compose_again(
            self.object, by=self.request.user, version=self.version, parts=form.cleaned_data["parts"]
        )
        return reverse("gap_analysis:proposal-edit", args=[self.object.pk])


class ProposalSend(OfProposal, FormPage):
    """Everything once more, as the Secretariat will read it, before it leaves."""

    action = "gap_analysis.send_proposal"
    form_class = PlainForm
    template_name = "gap_analysis/proposal_send.html"
    success_message = gettext_lazy(
        "The proposal is with the Secretariat: in its inbox, and by e-mail with both documents. You are told of the answer."
    )

    @cached_property
    def row(self) -> Any:
        return PROPOSAL.transition("send")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            row=self.row,
            sections=self.words(),
            short=letters.proposal_facts(self.object),
            figures=letters.evidence_facts(self.object.evidence),
            readers=secretariat(),
            is_open=in_reach(self.object, self.row),
            reason=blocked(self.object, self.row),
            state=state_of(self.object),
            **kwargs,
        )

    def save(self, form: Any) -> str:
        return services.send_proposal(self.object, by=self.request.user, version=self.version).get_absolute_url()


class ProposalDo(OfProposal, TransitionPage):
    action = "gap_analysis.see_proposal"


class ProposalDocument(OfProposal, Download):
    """The proposal as it was sent: PDF, or DOCX to work on; drawn here if the worker has not come to it."""

    action = "gap_analysis.see_proposal"

    def stored(self) -> StoredFile | None:
        kept = jobs.documents_of(self.object)
        return next((one for one in kept if one.name.endswith(self.kwargs["ending"])), None)
