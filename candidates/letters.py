"""The letter about a nomination that is not listed: it can be read aloud in the person's administration."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from candidates.enums import Origin, Requirement
from candidates.models import Nomination
from core.clock import day_of, today
from core.dated_policy import is_demo
from core.pdf import pdf


@dataclass(frozen=True, slots=True)
class NotListedLetter:
    """Everything the letter states. Who reviewed, and how each judged, is not in it."""

    date: dt.date
    addressee: tuple[str, ...]
    salutation: str
    is_nominator: bool
    person: str
    home: str
    areas: tuple[str, ...]
    sent_on: dt.date | None
    requirements: tuple[str, ...]
    reason: str
    demo: bool


def letter_context(nomination: Nomination) -> NotListedLetter:
    """To whoever nominated; of somebody whom ROCB itself had in mind, to the home administration."""
    home: Any = nomination.home
    if nomination.origin == Origin.CENTRE and nomination.centre_host:
        host = nomination.centre_host
        addressee = (_("The Head of the Regional Training Centre"), host.organisation, host.name)
        salutation = _("Dear colleague,")
    else:
        addressee = (home.head_title, home.organisation, home.name)
        salutation = _("Dear %(title)s,") % {"title": home.head_title}
    return NotListedLetter(
        date=day_of(nomination.decided_at) if nomination.decided_at else today(),
        addressee=tuple(line for line in addressee if line),
        salutation=salutation,
        is_nominator=nomination.origin != Origin.ROCB,
        person=nomination.name,
        home=str(home),
        areas=tuple(area.name for area in nomination.areas.all()),
        sent_on=day_of(nomination.submitted_at) if nomination.submitted_at else None,
        requirements=tuple(str(label) for _value, label in Requirement.choices),
        reason=nomination.decision_note,
        demo=is_demo(),
    )


def draw_nomination_letter(nomination: Nomination) -> bytes:
    """The letter as PDF; the same decision always gives the same bytes."""
    context = letter_context(nomination)
    html = render_to_string("documents/nomination_letter.html", {"letter": context, "demo": context.demo})
    return pdf(html, identifier=f"nomination {nomination.pk} {nomination.decided_at}")
