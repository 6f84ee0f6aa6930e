"""The left side of each party: at most seven entries, the home page first."""

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.clock import today
from core.inbox import Inbox, inbox
from core.models import LogEntry
from members.acting import acting_membership
from members.enums import Party
from members.models import Membership


@dataclass(frozen=True, slots=True)
class Entry:
    url_name: str
    label: Any
    icon: str


HOME = Entry("rocb_portal:home", _("Inbox"), "inbox")
REQUESTS = Entry("missions:requests", _("Requests"), "document-text")
PLAN = Entry("missions:plan", _("Annual plan"), "calendar-days")
MISSIONS = Entry("missions:missions", _("Missions"), "globe-alt")
LETTERS = Entry("missions:letters", _("Letters"), "envelope")
REPORTS = Entry("missions:reports", _("Reports"), "clipboard-document-check")
POOL = Entry("experts:pool", _("Pool table"), "table-cells")
EXPERTS = Entry("experts:experts", _("Experts"), "academic-cap")
OWN_RECORD = Entry("experts:own", _("Own record"), "identification")
CANDIDATES = Entry("candidates:listings", _("Candidate list"), "user-plus")
NOMINATIONS = Entry("candidates:nominations", _("Nominations"), "user-plus")
QUALITY = Entry("experts:quality", _("Data quality"), "exclamation-triangle")
CORRECTIONS = Entry("experts:corrections", _("Corrections of ACE"), "pencil-square")
CALLS = Entry("candidates:calls", _("Calls for nominations"), "megaphone")
CENTRES = Entry("centres:centres", _("Centres"), "building-library")
MATERIAL = Entry("centres:resources", _("Material of the centres"), "book-open")
GAPS = Entry("gap_analysis:dashboard", _("Gaps"), "chart-bar")
SNAPSHOTS = Entry("gap_analysis:snapshots", _("Gap snapshots"), "camera")
SCENARIOS = Entry("gap_analysis:scenarios", _("Scenarios"), "arrows-right-left")
PROPOSALS = Entry("gap_analysis:proposals", _("Proposals for workshops"), "document-text")
SURVEYS = Entry("gap_analysis:surveys", _("Needs survey"), "chat-bubble-left-right")
OPPORTUNITIES = Entry("support:opportunities", _("Opportunities"), "light-bulb")
WORKSHOPS = Entry("candidates:workshops", _("Accreditation workshops"), "academic-cap")
PATH = Entry("candidates:path", _("Waiting for a field mission"), "clock")
FRAMEWORK = Entry("rocb_portal:framework-live", _("The framework, live"), "book-open")
SHEETS = Entry("core:imports", _("Sheets"), "arrow-up-tray")

NAVIGATION = {
    Party.ROCB: (HOME, REQUESTS, MISSIONS, LETTERS, EXPERTS, CANDIDATES, GAPS),
    Party.SECRETARIAT: (HOME, GAPS, PLAN, MISSIONS, LETTERS, POOL, EXPERTS),
    Party.ADMINISTRATION: (HOME, REQUESTS, MISSIONS, LETTERS, REPORTS, EXPERTS, CANDIDATES),
    Party.CENTRE: (HOME, CENTRES, POOL, EXPERTS, CANDIDATES),
    Party.EXPERT: (HOME, MISSIONS, REPORTS, OWN_RECORD, CENTRES),
}
# What does not fit on the left stands at the foot of the home page.
MORE = {
    Party.ROCB: (
        REPORTS,
        SURVEYS,
        SNAPSHOTS,
        SCENARIOS,
        PROPOSALS,
        OPPORTUNITIES,
        NOMINATIONS,
        CALLS,
        WORKSHOPS,
        PATH,
        PLAN,
        POOL,
        CENTRES,
        QUALITY,
        CORRECTIONS,
        Entry("experts:areas", _("Areas"), "tag"),
        Entry("members:users", _("People"), "users"),
        Entry("members:administrations", _("Administrations"), "building-office-2"),
        SHEETS,
        FRAMEWORK,
        Entry("core:outbox", _("Outbox"), "paper-airplane"),
        Entry("admin:index", _("Admin"), "cog-6-tooth"),
    ),
    Party.SECRETARIAT: (
        REPORTS,
        SURVEYS,
        SNAPSHOTS,
        SCENARIOS,
        PROPOSALS,
        OPPORTUNITIES,
        REQUESTS,
        CANDIDATES,
        NOMINATIONS,
        CALLS,
        WORKSHOPS,
        PATH,
        CENTRES,
        QUALITY,
        CORRECTIONS,
        Entry("experts:areas", _("Areas"), "tag"),
        Entry("members:administrations", _("Administrations"), "building-office-2"),
        SHEETS,
        FRAMEWORK,
        Entry("core:outbox", _("Outbox"), "paper-airplane"),
    ),
    Party.ADMINISTRATION: (
        OPPORTUNITIES,
        SURVEYS,
        NOMINATIONS,
        CALLS,
        WORKSHOPS,
        PATH,
        POOL,
        CENTRES,
        QUALITY,
        CORRECTIONS,
        Entry("members:administrations", _("Administrations"), "building-office-2"),
        FRAMEWORK,
    ),
    Party.CENTRE: (
        NOMINATIONS,
        CALLS,
        WORKSHOPS,
        Entry("members:administrations", _("Administrations"), "building-office-2"),
        FRAMEWORK,
    ),
    Party.EXPERT: (OPPORTUNITIES, MATERIAL, WORKSHOPS, Entry("experts:areas", _("Areas"), "tag"), FRAMEWORK),
}


def entries(request: HttpRequest, party: str, table: dict[Any, tuple[Entry, ...]]) -> list[dict[str, Any]]:
    found = []
    for entry in table.get(party, ()):
        url = reverse(entry.url_name)
        here = request.path == url if url == "/" else request.path.startswith(url)
        found.append({"url": url, "label": entry.label, "icon": entry.icon, "active": here})
    return found


def navigation(request: HttpRequest) -> dict[str, Any]:
    """What the frame of every page needs to know of the person."""
    membership = acting_membership(request)
    return {
        "acting": membership,
        "memberships": request.user.party_rows,  # type: ignore[union-attr]
        "inbox_count": inbox_count(request, membership) if membership else 0,
        "nav": entries(request, membership.party if membership else "", NAVIGATION),
    }


def waiting_for(request: HttpRequest) -> Inbox:
    """The inbox of this request, read once for the home page and the count in the frame."""
    if not hasattr(request, "waiting"):
        membership = acting_membership(request)
        request.waiting = inbox(request.user, membership.party) if membership else Inbox()  # type: ignore[attr-defined]
    return request.waiting  # type: ignore[attr-defined]


def inbox_count(request: HttpRequest, membership: Membership) -> int:
    """How many things wait for the person. Counted anew whenever any history has a new line, else remembered for the day."""
    newest = LogEntry.objects.order_by("-at").values_list("pk", flat=True).first()
    key = f"inbox:{membership.pk}:{newest}:{today()}"
    count: int | None = cache.get(key)
    if count is None or hasattr(request, "waiting"):
        count = sum(item.mine for item in waiting_for(request))
        cache.set(key, count, 60 * 60)
    return count
