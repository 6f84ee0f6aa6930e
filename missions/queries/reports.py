"""Reports: which are due, who writes them, and how many stand where (§3.5)."""

import datetime as dt
from typing import Any

from django.db.models import Count, Q, QuerySet

from core.clock import today
from core.workflow import in_reach, parties_of
from missions.enums import Party
from missions.models import Mission, Report
from missions.workflow import REPORT


def is_being_written(report: Report) -> bool:
    return in_reach(report, REPORT.transition("write"))


def report_of(user: Any, mission: Mission) -> Report | None:
    """The mission's report with its rows, if this reader may see it by now."""
    return Report.objects.visible_to(user).with_team().select_related("document").filter(mission=mission).first()


def expects_report(user: Any, mission: Mission) -> bool:
    """The offices and the team look for the report before there is one."""
    return bool(parties_of(user, mission) & {Party.ROCB, Party.SECRETARIAT, Party.TEAM, Party.LEADER})


def may_submit(user: Any, report: Report) -> bool:
    return bool(parties_of(user, report) & REPORT.transition("submit").all_parties)


def report_counts(reports: QuerySet[Report], day: dt.date) -> dict[str, int]:
    """How many reports stand at each point, those that are due among them (wish W27)."""
    write, accept = REPORT.transition("write"), REPORT.transition("accept")
    due = Q(state__in=write.sources)
    found: dict[str, int] = reports.aggregate(
        due=Count("pk", filter=due),
        overdue=Count("pk", filter=due & Q(due_on__lt=day)),
        submitted=Count("pk", filter=Q(state__in=accept.sources)),
        accepted=Count("pk", filter=Q(state=accept.target)),
    )
    return found


def overdue_reports(user: Any) -> QuerySet[Any]:
    """Reports that are due, not only those submitted (wish W27)."""
    return (
        Report.objects.visible_to(user)
        .filter(state__in=REPORT.transition("write").sources, due_on__lt=today())
        .select_related("mission__beneficiary")
    )
