"""Why an opportunity cannot be told now: a sentence, or None."""

from typing import Any

from django.utils.translation import gettext as _


def says_something(opportunity: Any) -> str | None:
    told = opportunity.region_text.strip() or opportunity.experts_text.strip()
    return None if told else _("Nothing is written yet, neither for the region nor for the experts.")


def names_its_area(opportunity: Any) -> str | None:
    """Whom to tell among the experts follows from the area (§5.3)."""
    if opportunity.experts_text.strip() and opportunity.area_id is None:
        return _("To tell the experts known in an area, say which area it is.")
    return None


def deadline_lies_ahead(opportunity: Any) -> str | None:
    """Whoever is told must have time to answer (§5.3)."""
    if opportunity.is_over:
        return _("The day to sign up by has passed. Please choose a later one, or none.")
    return None


def deadline_is_over(opportunity: Any) -> bool:
    """From this day on ROCB is asked to look who has signed up."""
    return bool(opportunity.is_over)
