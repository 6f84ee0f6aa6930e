"""Part V: the gap between needs and expertise, the survey, and what follows from a gap."""

from typing import Any

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from core.clock import day_words
from gap_analysis.enums import ProposalState, ResponseState
from gap_analysis.models import GapSnapshot, Proposal, Response, Survey
from gap_analysis.queries.dashboard import SHORT
from rocb_portal.framework_live.obligations import MEMBERS, ROCB, SECRETARIAT, Obligation
from rocb_portal.framework_live.part_two import calls, candidate_list
from rocb_portal.framework_live.reader import Reader
from support.enums import OpportunityKind
from support.models import Notice, Opportunity

# The example that the framework gives of expertise which most members lack.
EXAMPLE = "NII"
FIRST = 3


def areas_short(reader: Reader) -> str:
    rows = reader.gaps
    if not rows:
        return _("no snapshot yet")
    number, day = sum(row.level in SHORT for row in rows), day_words(rows[0].snapshot.as_of)
    return ngettext("%(n)d area is short, as of %(day)s", "%(n)d areas are short, as of %(day)s", number) % {
        "n": number, "day": day,
    }  # fmt: skip


def most_urgent(reader: Reader) -> str:
    return _("first: %(areas)s") % {"areas": ", ".join(row.area.code for row in reader.gaps[:FIRST]) or "–"}


def example(reader: Reader) -> str:
    level = next((row.get_level_display() for row in reader.gaps if row.area.code == EXAMPLE), "–")
    return _("%(area)s: %(level)s") % {"area": EXAMPLE, "level": level}


def published(reader: Reader) -> str:
    rows = GapSnapshot.objects.good().visible_to(reader.user).filter(published_at__isnull=False).order_by()
    found = rows.aggregate(n=Count("pk"), last=Max("published_at"))
    return _("snapshots published: %(n)d, the last on %(day)s") % {
        "n": found["n"], "day": day_words(found["last"]) if found["last"] else "–",
    }  # fmt: skip


def decided(reader: Reader) -> str:
    number = Proposal.objects.visible_to(reader.user).filter(state=ProposalState.SENT).count()
    return ngettext("%(n)d proposal waits for a decision", "%(n)d proposals wait for a decision", number) % {
        "n": number
    }


def concepts(reader: Reader) -> str:
    return _told(reader.user, _opportunities(reader.user, OpportunityKind.CONCEPT))


def mechanisms(reader: Reader) -> str:
    rows = _opportunities(reader.user, OpportunityKind.MECHANISM)
    after = [one.told_after for one in rows if one.told_after is not None]
    if not after:
        return _told(reader.user, rows)
    days = ngettext(
        "at most %(n)d day after the decision", "at most %(n)d days after the decision", max(after)
    ) % {"n": max(after)}  # fmt: skip
    return f"{_told(reader.user, rows)}; {days}"


def _opportunities(user: Any, kind: str) -> list[Opportunity]:
    return list(Opportunity.objects.visible_to(user).filter(kind=kind, told_at__isnull=False))


def _told(user: Any, opportunities: list[Opportunity]) -> str:
    notices = Notice.objects.visible_to(user).filter(opportunity__in=opportunities).order_by()
    found = notices.aggregate(notices=Count("pk"), signed=Count("signed_up_at"))
    return _("told of: %(n)d, with %(notices)d notices; signed up: %(signed)d") % {"n": len(opportunities), **found}


def survey_rounds(reader: Reader) -> str:
    number = Survey.objects.visible_to(reader.user).count()
    return ngettext("%(n)d round", "%(n)d rounds", number) % {"n": number}


def asked(reader: Reader) -> str:
    last = reader.last_round
    figures = {
        "areas": last.areas.count() if last else 0,
        "questions": last.questions.filter(retired_at__isnull=True).count() if last else 0,
    }
    return _("areas asked about in the last round: %(areas)d; questions besides: %(questions)d") % figures


def answered(reader: Reader) -> str:
    rows = Response.objects.visible_to(reader.user).filter(survey=reader.last_round).order_by()
    found = rows.aggregate(n=Count("pk", filter=Q(state=ResponseState.SUBMITTED)), all=Count("pk"))
    return _("answers to the last round: %(n)d of %(all)d") % found


def proposed(reader: Reader) -> str:
    rows = Proposal.objects.visible_to(reader.user).filter(sent_at__isnull=False).order_by()
    found = rows.aggregate(n=Count("pk"), accepted=Count("pk", filter=Q(state=ProposalState.ACCEPTED)))
    return _("proposals sent: %(n)d, accepted: %(accepted)d") % found


PART_FIVE: tuple[Obligation, ...] = (
    Obligation(
        "§5.1",
        ROCB,
        lazy("The gap between the needs of the region and the expertise at hand is analysed all the time."),
        areas_short,
        "gap_analysis:dashboard",
        action="gap_analysis.see_gaps",
    ),
    Obligation(
        "§5.1",
        ROCB,
        lazy("It is named which expertise should be improved or added, and why."),
        most_urgent,
        "gap_analysis:dashboard",
        action="gap_analysis.see_gaps",
    ),
    Obligation(
        "§5.1",
        ROCB,
        lazy("Of non-intrusive inspection it is said that most members lack it; the portal tells what is known of it."),
        example,
        "gap_analysis:dashboard",
        f"area={EXAMPLE}",
        action="gap_analysis.see_gaps",
    ),
    Obligation(
        "§5.1",
        ROCB,
        lazy("The analysis is shared with the WCO."),
        published,
        "gap_analysis:snapshots",
        action="gap_analysis.see_gaps",
    ),
    Obligation(
        "§5.1",
        SECRETARIAT,
        lazy("It steers the WCO’s decisions on further accreditation."),
        decided,
        "gap_analysis:proposals",
        "state=sent",
        action="gap_analysis.list_proposals",
    ),
    Obligation(
        "§5.1",
        ROCB,
        lazy(
            "A concept of accreditation in a new area is told to the whole region, and experts are enabled to take part."
        ),
        concepts,
        "support:opportunities",
        "kind=concept",
        action="support.list",
    ),
    Obligation(
        "§5.2",
        ROCB,
        lazy("The yearly needs survey is the channel for needs and gaps."),
        survey_rounds,
        "gap_analysis:surveys",
        action="gap_analysis.list_surveys",
    ),
    Obligation(
        "§5.2",
        ROCB,
        lazy("It asks for the expertise that members have and for that which they will need; questions can be added."),
        asked,
        "gap_analysis:surveys",
        action="gap_analysis.list_surveys",
    ),
    Obligation(
        "§5.2",
        MEMBERS,
        lazy("Members answer it; what nobody has told stays unknown."),
        answered,
        "gap_analysis:surveys",
        action="gap_analysis.list_surveys",
    ),
    Obligation(
        "§5.3",
        ROCB,
        lazy("Where there is a gap, ROCB and the members look for experts who are available."),
        calls,
        "candidates:calls",
        action="candidates.list_calls",
    ),
    Obligation(
        "§5.3",
        ROCB,
        lazy("The candidate list is looked at first."),
        candidate_list,
        "candidates:listings",
        action="candidates.list",
    ),
    Obligation(
        "§5.3",
        ROCB,
        lazy("Where it is appropriate, a project for an accreditation workshop is proposed to the WCO."),
        proposed,
        "gap_analysis:proposals",
        action="gap_analysis.list_proposals",
    ),
    Obligation(
        "§5.3",
        ROCB,
        lazy("Of a mechanism that the WCO decides on, the experts known in the area are told in time."),
        mechanisms,
        "support:opportunities",
        "kind=mechanism",
        action="support.list",
    ),
)
