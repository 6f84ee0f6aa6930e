"""Snapshots: the list, one of them, building, publishing, comparing, the report (§5.1)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.clock import day_of, today
from core.exports import Export
from core.views import Download, FormPage, ListPage, Page
from gap_analysis import jobs, services
from gap_analysis.forms_gaps import BuildForm, PublishForm
from gap_analysis.models import GapSnapshot
from gap_analysis.queries import compare
from gap_analysis.views.dashboard import Overview


class SnapshotsPage(ListPage):
    """Every build, with what came of it."""

    action = "gap_analysis.see_gaps"
    model = GapSnapshot
    template_name = "gap_analysis/snapshots.html"
    results_template = "gap_analysis/_snapshots.html"
    sorts = {"day": ("as_of", "created_at", "pk"), "built": ("built_at", "pk"), "published": ("published_at", "pk")}
    first_sort = "-day"

    def rows(self) -> Any:
        return super().rows().defer("figures")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        services.give_up_lost_builds()
        return super().get_context_data(**kwargs)


class SnapshotsExport(Export, SnapshotsPage):
    def table(self) -> Any:
        head = [_("As of"), _("Built"), _("Failed"), _("What went wrong"), _("Published"), _("Note")]
        rows = [
            [
                row.as_of, day_of(row.built_at) if row.built_at else None, day_of(row.failed_at) if row.failed_at else None,
                row.message, day_of(row.published_at) if row.published_at else None, row.note,
            ]
            for row in self.found()
        ]  # fmt: skip
        return f"gap-snapshots-{today().isoformat()}", head, rows


class SnapshotPage(Overview):
    """The dashboard of one snapshot; one that is being built or came to nothing says so."""

    model = GapSnapshot

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        good = GapSnapshot.objects.good().visible_to(self.request.user).exclude(pk=self.object.pk)
        return super().get_context_data(others=list(good.defer("figures")[:12]), **kwargs)


class Build(FormPage):
    """Ask for a snapshot; a worker builds it."""

    action = "gap_analysis.build_snapshot"
    form_class = BuildForm
    template_name = "gap_analysis/snapshot_build.html"

    def initial(self) -> dict[str, Any]:
        return {"as_of": today()}

    def cancel_url(self) -> str:
        return reverse("gap_analysis:snapshots")

    def save(self, form: Any) -> str:
        return services.start_build(by=self.request.user, **form.cleaned_data).get_absolute_url()


class Publish(FormPage):
    """Share a snapshot with the Secretariat."""

    action = "gap_analysis.publish_snapshot"
    model = GapSnapshot
    form_class = PublishForm
    template_name = "gap_analysis/snapshot_publish.html"
    success_message = gettext_lazy("Published. The Secretariat is told by e-mail, and the report is being drawn.")

    def save(self, form: Any) -> str:
        return services.publish(self.object, by=self.request.user, **form.cleaned_data).get_absolute_url()


class Report(Download):
    """The gap report: kept for a published snapshot, drawn on demand for any other."""

    action = "gap_analysis.see_gaps"
    model = GapSnapshot

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.object.built_at is None:
            raise Http404
        kept = jobs.report_document(self.object)
        if kept is not None:
            return super().get(request, *args, **kwargs)
        from gap_analysis import reports  # draws with charts; loaded where it is used

        answer = HttpResponse(reports.draw_report(self.object), content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="{reports.file_name(self.object)}"'
        return answer

    def stored(self) -> Any:
        return jobs.report_document(self.object)


class ComparePage(Page):
    """Two snapshots side by side: what changed, and why."""

    action = "gap_analysis.see_gaps"
    model = GapSnapshot
    template_name = "gap_analysis/snapshot_compare.html"

    def other(self) -> GapSnapshot:
        good = GapSnapshot.objects.good().visible_to(self.request.user)
        other = good.filter(pk=self.kwargs["other"]).first()
        if other is None or self.object.built_at is None:
            raise Http404
        return other

    def changes(self) -> Any:
        old, new = sorted((self.object, self.other()), key=lambda snapshot: (snapshot.as_of, snapshot.created_at))
        return old, new, compare.changes_between(old, new)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        old, new, changes = self.changes()
        return super().get_context_data(
            old=old, new=new,
            changed=[change for change in changes if change.reasons], same=sum(not c.reasons for c in changes), **kwargs,
        )  # fmt: skip


class CompareExport(Export, ComparePage):
    def table(self) -> Any:
        old, new, changes = self.changes()
        head = [_("Area"), _("Rank before"), _("Rank after"), _("Level before"), _("Level after"), _("What changed")]
        rows = [
            [
                change.area.name, change.old.rank if change.old else None, change.new.rank if change.new else None,
                change.old.get_level_display() if change.old else "", change.new.get_level_display() if change.new else "",
                "; ".join(change.reasons),
            ]
            for change in changes
        ]  # fmt: skip
        return f"gaps-{old.as_of.isoformat()}-{new.as_of.isoformat()}", head, rows


class Wait(Page):
    """How far a build is; the page asks until it is over."""

    action = "gap_analysis.see_gaps"
    model = GapSnapshot
    template_name = "gap_analysis/_building.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.headers.get("HX-Request"):
            return redirect(self.object.get_absolute_url())
        answer = super().get(request, *args, **kwargs)
        if not self.object.is_building:
            answer["HX-Refresh"] = "true"
        return answer
