"""What the accepted report says as a document (§3.5): frozen data, from which the PDF is drawn, once."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core.dated_policy import is_demo
from core.pdf import STYLES, pdf
from core.templatetags.portal import as_day, day, span
from missions.guidance import REPORT, guidance
from missions.models import Invitation, Material, Report


@dataclass(frozen=True, slots=True)
class Part:
    """One section: its words, and rows where it has them."""

    key: str
    title: str
    text: str
    needs: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    administration: str
    task: str
    leads: bool


@dataclass(frozen=True, slots=True)
class ReportContext:
    """Everything the document states, as it stood when the report was accepted."""

    number: str
    title: str
    beneficiary: str
    area: str
    financing: str
    place: str
    first_day: dt.date
    last_day: dt.date
    mode: str
    leader: str
    submitted_on: dt.date
    accepted_on: dt.date
    team: tuple[Person, ...]
    parts: tuple[Part, ...]
    annexes: tuple[str, ...]
    demo: bool

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The particulars of the title page."""
        return [
            (_("Mission"), self.number),
            (_("Beneficiary"), self.beneficiary),
            (_("Area"), self.area),
            (_("Place"), f"{self.place} ({self.mode})"),
            (_("Carried out"), span(self.first_day, self.last_day)),
            (_("Financed by"), self.financing),
            (_("Experts"), "; ".join(f"{person.name}, {person.administration}" for person in self.team)),
            (_("Submitted"), f"{day(self.submitted_on)}, {self.leader}"),
            (_("Accepted"), day(self.accepted_on)),
        ]

    @property
    def contents(self) -> list[tuple[str, str]]:
        return [(part.key, part.title) for part in self.parts] + [("team", _("Team and annexes"))]


def report_context(report: Report) -> ReportContext:
    """The report as it is accepted: only what its authors wrote and what the mission's own record says."""
    mission = report.mission
    donor = f"{mission.get_financing_display()}, {mission.donor}" if mission.donor else mission.get_financing_display()
    return ReportContext(
        number=mission.number,
        title=mission.title,
        beneficiary=str(mission.beneficiary),
        area=str(mission.area),
        financing=donor,
        place=mission.place,
        first_day=mission.actual_first_day or mission.first_day,
        last_day=mission.actual_last_day or mission.last_day,
        mode=mission.get_mode_display(),
        leader=mission.leader.expert.name if mission.leader else "",
        submitted_on=as_day(report.submitted_at or report.created_at),
        accepted_on=as_day(report.accepted_at or report.created_at),
        team=tuple(_person(person, mission.leader_id) for person in mission.team()),
        parts=tuple(_parts(report)),
        annexes=tuple(Material.objects.annexes().filter(mission=mission).values_list("title", flat=True)),
        demo=is_demo(),
    )


def _person(invitation: Invitation, leader_id: Any) -> Person:
    expert = invitation.expert
    return Person(expert.name, str(expert.administration), invitation.seat.task, invitation.pk == leader_id)


def _parts(report: Report) -> list[Part]:
    """The sections in their order; the free one and the deviations only where somebody wrote something."""
    found = []
    for section in guidance(REPORT):
        if section["kind"] == "rows":
            needs = tuple((str(n.area), n.what, n.get_urgency_display()) for n in report.needs.all())
            found.append(Part(section["field"], _(section["title"]), report.needs_note, needs))
        elif section["required"] or getattr(report, section["field"]):
            found.append(Part(section["field"], _(section["title"]), getattr(report, section["field"])))
    if report.deviations:
        found.append(Part("deviations", _("Deviations from this outline"), report.deviations))
    return found


def report_html(context: ReportContext) -> str:
    return render_to_string(
        "documents/report.html",
        {"report": context, "facts": context.facts, "contents": context.contents, "demo": context.demo},
    )


def draw_report(report: Report) -> bytes:
    """The PDF; the same report gives the same bytes."""
    return pdf(
        report_html(report_context(report)),
        identifier=f"report {report.pk}",
        styles=(*STYLES, "css/document-report.css"),
    )
