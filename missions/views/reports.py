"""The report (§3.5): read, written, saved while it is typed, submitted, accepted; and the list of those that are due."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core.autosave import Autosave
from core.clock import today
from core.exports import AlsoAsFile
from core.models import StoredFile
from core.policies import may
from core.views import Download, FormPage, Guarded, ListPage, Page, TransitionPage
from core.workflow import blocked, state_of, transition_url
from missions import jobs, queries, services
from missions.filters import ReportFilter
from missions.forms_reports import ROWS_MORE, ROWS_MOST, ReportForm
from missions.guidance import REPORT as REPORT_SECTIONS
from missions.guidance import guidance
from missions.models import Material, Report
from missions.views.frame import MissionFrame
from missions.workflow import REPORT


class ReportList(AlsoAsFile, ListPage):
    """Every report that is due or there: what is still to come first, the oldest first among them."""

    action = "missions.list_reports"
    model = Report
    filterset_class = ReportFilter
    template_name = "missions/report_list.html"
    results_template = "missions/_report_results.html"
    sorts = {
        "turn": (),
        "due": ("due_on",),
        "mission": ("mission__number",),
        "beneficiary": ("mission__beneficiary__name", "due_on"),
        "ended": ("mission__actual_last_day",),
        "submitted": ("submitted_at",),
    }

    def rows(self) -> Any:
        return super().rows().in_turn().with_team()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = queries.report_counts(super().rows(), today())
        return super().get_context_data(counts=counts, today=today(), **kwargs)

    def table(self) -> Any:
        head = [
            _("Mission"), _("Title"), _("Beneficiary"), _("Area"), _("Began"), _("Ended"), _("Report due"), _("State"),
            _("Submitted"), _("Accepted"), _("Leader"),
        ]  # fmt: skip
        rows = [
            [
                r.mission.number, r.mission.title, r.mission.beneficiary.name, r.mission.area.code, r.mission.actual_first_day,
                r.mission.actual_last_day, r.due_on, state_of(r).label, r.submitted_at and r.submitted_at.date(),
                r.accepted_at and r.accepted_at.date(), r.mission.leader.expert.name if r.mission.leader else "",
            ]
            for r in self.found()
        ]  # fmt: skip
        return "reports", head, rows


class ReportPage(MissionFrame, Page):
    """The report as its readers see it, and what can be done with it. Before the mission has ended there is none yet."""

    action = "missions.see_mission"
    template_name = "missions/report.html"
    tab = "report"

    @cached_property
    def report(self) -> Report | None:
        return queries.report_of(self.request.user, self.object)

    def check(self) -> None:
        super().check()
        is_open = queries.expects_report(self.request.user, self.object)
        if self.report is None and not is_open:
            raise Http404

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        report, user = self.report, self.request.user
        context = super().get_context_data(report=report, **kwargs)
        if report is None:
            return context
        sections = [
            part | {"text": getattr(report, "needs_note" if part["kind"] == "rows" else part["field"])}
            for part in guidance(REPORT_SECTIONS)
        ]
        return context | {
            "sections": sections,
            "annexes": Material.objects.visible_to(user).annexes().filter(mission=self.object).with_files(),
            "is_written": queries.is_being_written(report),
            "may_write": bool(may(user, "missions.write_report", report)),
            "may_submit": queries.may_submit(user, report),
            "still_missing": blocked(report, REPORT.transition("submit")),
        }


class OfReport(Guarded):
    """Pages under a mission's address whose object is its report; one that is not open to the reader is not found."""

    model = Report

    @cached_property
    def object(self) -> Any:
        return get_object_or_404(self.rows().with_team(), mission=self.kwargs["pk"])


class ReportEdit(OfReport, FormPage):
    action = "missions.write_report"
    template_name = "missions/report_edit.html"
    form_class = ReportForm
    was_beaten = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not queries.is_being_written(self.object):
            messages.info(request, _("The report has been submitted. To change it, it has to be returned first."))
            return redirect(self.object)
        return super().get(request, *args, **kwargs)

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in ReportForm.TEXTS}

    def form_kwargs(self) -> dict[str, Any]:
        wanted = self.request.GET.get("rows", "")
        rows = int(wanted) if wanted.isdecimal() and len(wanted) < 4 else ROWS_MORE
        return {"report": self.object, "rows": min(rows, ROWS_MOST), "is_draft": "submit" not in self.request.POST}

    def save(self, form: Any) -> Any:
        services.save_report(
            self.object, by=self.request.user, version=self.version, needs=form.need_rows(), **form.sections()
        )
        return self.next_page()

    def next_page(self) -> str:
        """More rows, the step that submits it, or back to the report."""
        if "more" in self.request.POST:
            return f"{self.request.path}?rows={ROWS_MORE * 2}#needs"
        if "submit" in self.request.POST:
            return transition_url(self.object, REPORT.transition("submit"))
        messages.success(self.request, _("The report is saved as a draft."))
        return self.object.get_absolute_url()

    def reload(self) -> None:
        super().reload()
        self.was_beaten = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "autosave": reverse("missions:report-autosave", args=[self.object.mission_id]),
            "theirs": context["form"].unlike(self.object) if self.was_beaten else [],
            "still_missing": blocked(self.object, REPORT.transition("submit")),
            "may_submit": queries.may_submit(self.request.user, self.object),
        }


class ReportAutosave(OfReport, Autosave):
    action = "missions.write_report"
    form_class = ReportForm

    def form_kwargs(self) -> dict[str, Any]:
        return {"report": self.object}

    def keep(self, form: Any) -> tuple[Any, list[str]]:
        kept = services.save_report(
            self.object,
            by=self.request.user,
            version=self.version,
            needs=form.need_rows(),
            keeps_trace=False,
            **form.sections(),
        )
        return kept, form.unread()


class ReportDocument(Download):
    """The accepted report as PDF; drawn here if the worker has not come to it."""

    action = "missions.see_report"
    model = Report

    def stored(self) -> StoredFile | None:
        return jobs.report_document(self.object)


class ReportDo(TransitionPage):
    action = "missions.see_report"
    model = Report

    def rows(self) -> Any:
        return super().rows().with_team()
