"""The proposal to the WCO for an accreditation workshop: its first words, composed from the evidence, and its two documents (§5.3).

The PDF is what is sent; the DOCX says the same and can be worked on in an office. Both are drawn from the frozen words of the proposal.
"""

import datetime as dt
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.charts import Chart
from core.clock import day_of
from core.dated_policy import is_demo
from core.pdf import STYLES, pdf
from core.templatetags.portal import day
from experts.models import Area
from gap_analysis import charts
from gap_analysis.levels import METHOD
from gap_analysis.models import Proposal
from gap_analysis.queries.dashboard import Trend
from missions.letters import and_list

Evidence = Mapping[str, Any]

# The texts of a proposal in the order in which they are read.
SECTIONS = (
    ("background", gettext_lazy("Background")),
    ("need", gettext_lazy("The gap and its evidence")),
    ("tried", gettext_lazy("What was tried with members")),
    ("objective", gettext_lazy("Objective")),
    ("participants", gettext_lazy("Participants")),
    ("content", gettext_lazy("Content and method")),
    ("cost_note", gettext_lazy("Cost, and who bears it")),
)
OFFICE = gettext_lazy("WCO Regional Office for Capacity Building for Asia/Pacific")


# The first words


def composed(area: Area, evidence: Evidence) -> dict[str, str]:
    """Title and sections as the evidence speaks; ROCB edits them from there."""
    return {
        "title": _("Accreditation workshop: %(area)s") % {"area": area.name},
        "background": _background(area, evidence),
        "need": _need(area, evidence),
        "tried": _tried(area, evidence),
        "objective": _objective(area, evidence),
        "participants": _participants(evidence),
        "content": _content(evidence),
        "cost_note": _(
            "Not settled yet. The WCO is asked which part it can bear; ROCB asks members who would host, and a donor if need be."
        ),
    }


def _paragraphs(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part)


def _background(area: Area, evidence: Evidence) -> str:
    remarks = [
        _("Of %(area)s it was said: “%(text)s” (%(source)s %(paragraph)s).") % {"area": area.name, **remark}
        for remark in evidence["remarks"]
    ]
    opening = _(
        "ROCB A/P compares the needs of members with the available expertise and shares the result with the WCO (§5.1 of the "
        "Regional Framework). Where no expert can be found in an area, a project can be proposed to the WCO (§5.3)."
    )
    return _paragraphs([opening, *remarks])


def _need(area: Area, evidence: Evidence) -> str:
    words = {
        "day": _day(evidence["as_of"]), "level": evidence["level"], "rank": evidence["rank"], "areas": evidence["areas"],
        "full": evidence["full"], "floor": evidence["floor"], "comfort": evidence["comfort"], "area": area.name,
    }  # fmt: skip
    stands = _(
        "On %(day)s the area %(area)s is “%(level)s” and stands in place %(rank)d of %(areas)d. %(full)d people are fully accredited; "
        "the target is %(floor)d to %(comfort)d."
    )
    survey = evidence["survey"]
    return _paragraphs(
        [
            stands % words + (" " + _("A priority is stated for it.") if evidence["priority"] else ""),
            _demand(evidence),
            _survey(survey)
            if survey
            else _("The needs survey says nothing of it yet: the need is unknown there, not absent."),
        ]
    )


def _demand(evidence: Evidence) -> str:
    if evidence["members"] is None:
        return _("No member has stated a demand in requests, the plan or reports; what is not stated is unknown.")
    said = ngettext("%(n)d member asks for support", "%(n)d members ask for support", evidence["members"])
    parts = [said % {"n": evidence["members"]}]
    if evidence["weeks"] is not None:
        parts.append(
            _("with %(wanted)s expert-weeks wanted against %(free)s that are free in twelve months")
            % {"wanted": _number(evidence["weeks"]), "free": _number(evidence["free_weeks"])}
        )
    heard = and_list([f"{origin} ({number})" for origin, number in evidence["origins"]])
    return _("%(said)s. Heard by: %(heard)s.") % {"said": ", ".join(parts), "heard": heard}


def _survey(survey: Evidence) -> str:
    said = ngettext(
        "“%(title)s”: %(n)d member states a need in this area, of %(answered)d that answered about it",
        "“%(title)s”: %(n)d members state a need in this area, of %(answered)d that answered about it",
        survey["wanting"],
    ) % {"title": survey["title"], "n": survey["wanting"], "answered": survey["answered"]}
    parts = [said]
    if survey["high"]:
        parts.append(ngettext("%(n)d calls it high", "%(n)d call it high", survey["high"]) % {"n": survey["high"]})
    if survey["hosts"]:
        parts.append(_("%(n)d would host") % {"n": survey["hosts"]})
    return ", ".join(parts) + "."


def _tried(area: Area, evidence: Evidence) -> str:
    """What §5.3 asks for first: the search for people with members."""
    listed, waiting = _sum(evidence["listed"]), _sum(evidence["waiting"])
    at_hand = " ".join(
        [
            ngettext(
                "%(n)d person stands on ROCB's candidate list for the area.",
                "%(n)d people stand on ROCB's candidate list for the area.",
                listed,
            )
            % {"n": listed},
            ngettext(
                "%(n)d person waits after the first step for a field mission.",
                "%(n)d people wait after the first step for a field mission.",
                waiting,
            )
            % {"n": waiting},
        ]
    )
    calls = [
        _(
            "Call for nominations “%(title)s”, sent on %(day)s to %(asked)d administrations: %(answered)d answered, "
            "%(nominations)d nominated for this area, %(listed)d of them listed."
        )
        % {**call, "day": _day(call["sent"])}
        + (" " + _("It is still open until %(day)s.") % {"day": _day(call["deadline"])} if call["open"] else "")
        for call in evidence["calls"]
    ]
    if not calls:
        calls = [_("No call for nominations was made for %(area)s so far.") % {"area": area.name}]
    return _paragraphs([at_hand, *calls])


def _objective(area: Area, evidence: Evidence) -> str:
    missing = max(evidence["floor"] - evidence["full"], 0)
    aim = (
        ngettext(
            "Bring the area %(area)s to its floor: %(n)d more fully accredited person is needed.",
            "Bring the area %(area)s to its floor: %(n)d more fully accredited people are needed.",
            missing,
        )
        % {"area": area.name, "n": missing}
        if missing
        else _("Give the area %(area)s enough people for what members ask of it.") % {"area": area.name}
    )
    return _paragraphs(
        [
            aim,
            _(
                "The workshop leads selected officials to the first step of accreditation; a field mission follows for each (§1.1)."
            ),
        ]
    )


def _participants(evidence: Evidence) -> str:
    """Counts by administration, no names: a document can travel further than the portal can erase."""
    listed = _homes(evidence["listed"])
    return _paragraphs(
        [
            _("From the candidate list for this area: %(homes)s.") % {"homes": listed}
            if listed
            else _("Nobody stands on the candidate list for this area yet; members are asked to put people forward."),
            _(
                "Beside them, officials whom members put forward after the announcement. All places are decided by ROCB and the WCO."
            ),
        ]
    )


def _content(evidence: Evidence) -> str:
    centres = (
        _("The area is developed by %(centres)s, which could host or teach.")
        % {"centres": and_list(evidence["centres"])}
        if evidence["centres"]
        else ""
    )
    return _paragraphs(
        [
            _(
                "About a week: the subject itself, the use of experts under the framework, and an assessment of each participant."
            ),
            centres,
        ]
    )


def experts_words(proposal: Proposal) -> str:
    """What the experts known in the area will read of an accepted proposal; ROCB reads it over before it leaves (§5.3)."""
    when = _month(proposal.month)
    return _paragraphs(
        [
            _("The WCO has decided to hold an accreditation workshop in %(area)s.") % {"area": proposal.area.name},
            _("It is planned for %(month)s.") % {"month": when} if when else "",
            proposal.objective,
            _(
                "You are known in this area. If you can help to prepare it, or know somebody who should take part, please say so."
            ),
        ]
    )


def _homes(rows: Iterable[list[Any]]) -> str:
    return ", ".join(f"{name} ({number})" for name, number in rows)


def _sum(rows: Iterable[list[Any]]) -> int:
    return sum(number for _name, number in rows)


def _number(value: float) -> str:
    return f"{value:g}"


def _day(written: str) -> str:
    return day(dt.date.fromisoformat(written)) if written else "–"


def _month(first: dt.date | None) -> str:
    return date_format(first, "F Y") if first else ""


# What pages and documents show of the evidence


def evidence_facts(evidence: Evidence) -> list[tuple[str, str]]:
    """The figures as they stood when the draft was composed."""
    unknown = _("unknown")
    survey = evidence["survey"]
    facts = [
        (_("As of"), _day(evidence["as_of"])),
        (_("Gap"), _("%(level)s, place %(rank)d of %(areas)d") % evidence),
        (_("Target band"), _("%(floor)d to %(comfort)d people fully accredited") % evidence),
        (_("Fully accredited"), str(evidence["full"])),
        (_("After the first step"), str(evidence["first_step"])),
        (_("Candidates"), str(evidence["candidates"])),
        (_("Expert-weeks free in twelve months"), _number(evidence["free_weeks"])),
        (_("Members asking"), unknown if evidence["members"] is None else str(evidence["members"])),
        (_("Expert-weeks wanted"), unknown if evidence["weeks"] is None else _number(evidence["weeks"])),
        (_("Heard by"), _homes(evidence["origins"]) or unknown),
    ]
    if survey:
        facts.append(
            (
                survey["title"],
                _("%(wanting)d of %(answered)d members with an answer state a need, %(high)d a high one") % survey,
            )
        )
    facts += [
        (
            _("Call of %(day)s") % {"day": _day(call["sent"])},
            _("%(answered)d of %(asked)d answered; %(nominations)d nominated, %(listed)d listed") % call,
        )
        for call in evidence["calls"]
    ]
    facts += [
        (
            _("On the candidate list on %(day)s") % {"day": _day(evidence["drawn_on"])},
            _homes(evidence["listed"]) or _("nobody"),
        ),
        (_("Waiting for a field mission"), _homes(evidence["waiting"]) or _("nobody")),
        (_("Centres that develop the area"), and_list(evidence["centres"]) or _("none")),
    ]
    return facts


def evidence_chart(area: Area, evidence: Evidence) -> Chart | None:
    """The people of the area over the years; nothing while there is one count alone."""
    counts = [(dt.date.fromisoformat(on), value) for on, value in evidence["trend"]]
    if len(counts) < 2:
        return None
    days = tuple(on for on, _value in counts)
    trend = Trend(days, ((area, tuple(value for _on, value in counts)),), (None,) * len(days))
    return charts.area_chart(trend, evidence["floor"])


def proposal_facts(proposal: Proposal) -> list[tuple[str, str]]:
    """What is proposed, in short."""
    agreed = _("to be agreed")
    return [
        (_("Area"), proposal.area.name),
        (_("Accreditation as"), str(proposal.category) if proposal.category else agreed),
        (_("Month wished"), _month(proposal.month) or agreed),
        (_("Host"), str(proposal.host) if proposal.host else agreed),
    ]


# The documents


@dataclass(frozen=True, slots=True)
class ProposalContext:
    """Everything the documents state."""

    number: str
    title: str
    area: str
    sent_on: dt.date
    facts: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, str, str], ...]
    evidence: tuple[tuple[str, str], ...]
    chart: Chart | None
    demo: bool

    @property
    def last_section(self) -> int:
        """The number of the section with the figures, which follows the texts."""
        return len(self.sections) + 1


def proposal_context(proposal: Proposal) -> ProposalContext:
    """The proposal as it was sent."""
    sent = day_of(proposal.sent_at or proposal.created_at)
    facts = [
        (_("Number"), proposal.number),
        (_("To"), _("World Customs Organization, Secretariat, Capacity Building Directorate")),
        (_("From"), str(OFFICE)),
        (_("Date"), day(sent)),
        *proposal_facts(proposal),
    ]
    return ProposalContext(
        number=proposal.number,
        title=proposal.title,
        area=proposal.area.name,
        sent_on=sent,
        facts=tuple(facts),
        sections=tuple((key, str(title), text) for key, title in SECTIONS if (text := getattr(proposal, key).strip())),
        evidence=tuple(evidence_facts(proposal.evidence)),
        chart=evidence_chart(proposal.area, proposal.evidence),
        demo=is_demo(),
    )


def draw_pdf(proposal: Proposal) -> bytes:
    """The same proposal gives the same bytes."""
    context = proposal_context(proposal)
    html = render_to_string(
        "documents/proposal.html",
        {
            "proposal": context,
            "facts": context.facts,
            "method": METHOD,
            "demo": context.demo,
        },
    )
    return pdf(
        html,
        identifier=f"proposal {proposal.pk}",
        styles=(*STYLES, "css/document-report.css", "css/document-gaps.css"),
    )


def draw_docx(proposal: Proposal) -> bytes:
    """The same words for a word processor: headings, tables and page numbers of its own kind, so that all can be worked on."""
    from docx import Document  # a third of a second to import; web processes that never draw do not pay for it

    context = proposal_context(proposal)
    made = Document()
    _set_up(made, context)
    if context.demo:
        made.add_paragraph(_("Demonstration. All people and missions in this document are fictional."))
    made.add_paragraph(str(OFFICE))
    made.add_heading(_("Proposal for an accreditation workshop"), level=0)
    made.add_paragraph(context.title, style="Subtitle")
    _table(made, context.facts)
    for number, (_key, title, text) in enumerate(context.sections, 1):
        made.add_heading(f"{number}. {title}", level=1)
        for part in text.split("\n\n"):
            made.add_paragraph(part.strip())
    made.add_heading(f"{context.last_section}. {_('The figures, and how they were counted')}", level=1)
    _table(made, context.evidence)
    for sentence in METHOD:
        made.add_paragraph(str(sentence), style="List Bullet")
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def _set_up(made: Any, context: ProposalContext) -> None:
    """A4, the particulars that a word processor shows, a foot with number and page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(25)
    made.styles["Normal"].font.name, made.styles["Normal"].font.size = "Noto Sans", Pt(10)
    for name in ("Title", "Heading 1", "Subtitle"):
        made.styles[name].font.name = "Noto Sans"
        made.styles[name].font.color.rgb = RGBColor(0x0B, 0x25, 0x45)
    moment = dt.datetime.combine(context.sent_on, dt.time())
    core = made.core_properties
    core.title, core.author, core.subject, core.language = context.title, str(OFFICE), context.number, "en"
    core.created = core.modified = moment
    core.comments = ""
    foot = page.footer.paragraphs[0]
    foot.add_run(f"{context.number}, {day(context.sent_on)} · ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    foot._p.append(field)


def _table(made: Any, rows: Iterable[tuple[str, str]]) -> None:
    from docx.shared import Mm

    table = made.add_table(rows=0, cols=2, style="Table Grid")
    for label, value in rows:
        cells = table.add_row().cells
        cells[0].width, cells[1].width = Mm(60), Mm(100)
        cells[0].paragraphs[0].add_run(label).bold = True
        cells[1].text = value
