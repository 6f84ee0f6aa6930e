"""Print where one person stands under the cap (§3.2) on a day: as text or JSON. Nothing but the result goes to stdout."""

import contextlib
import json
import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q

from core.commands import a_day
from core.dated_policy import PolicyMissing
from experts.ledger import CapPosition, position, unconfirmed_before
from experts.models import Expert


def find_expert(word: str) -> Expert:
    """By e-mail address (the person's or the account's), ACE reference or id. CommandError if there is none, or more than one."""
    wanted = word.strip()
    same = Q(email__iexact=wanted) | Q(user__email__iexact=wanted) | Q(ace_reference__iexact=wanted)
    with contextlib.suppress(ValueError):
        same |= Q(pk=uuid.UUID(wanted))
    found = list(Expert.objects.filter(same).with_ledger()[:2]) if wanted else []
    if not found:
        raise CommandError(f"No expert has the e-mail address, ACE reference or id {wanted!r}.")
    if len(found) > 1:
        raise CommandError(f"More than one expert has {wanted!r}; use the id.")
    return found[0]


def as_json(expert: Expert, asked: str, where: CapPosition) -> str:
    return json.dumps(
        {
            "expert": asked,
            "on": where.on.isoformat(),
            "limit": where.limit,
            "used": where.used,
            "reserved": where.reserved,
            "left": where.left,
        },
        indent=2,
    )


def as_text(expert: Expert, asked: str, where: CapPosition) -> str:
    lines = [
        (
            f"{expert.name} ({expert.administration}) on {where.on}, in the fullest window that holds the day "
            f"(it ends on {where.window_end})"
        ),
        f"used      {where.used:>3}",
        f"reserved  {where.reserved:>3}",
        f"left      {where.left:>3} of {where.limit} days",
    ]
    if not where.binds:
        lines.append("Not fully accredited on this day: the figures are information and bind nobody.")
    unknown = unconfirmed_before(expert, where.on)
    if unknown:
        lines.append(f"History not confirmed before {unknown}.")
    return "\n".join(lines)


# A window needs three years before and after.
EARLIEST, LATEST = 1900, 9900
FORMATS = {"text": as_text, "json": as_json}


class Command(BaseCommand):
    help = "Print the days used, reserved and left of one expert under the cap."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("expert", metavar="EXPERT", help="e-mail address, ACE reference or id")
        parser.add_argument("--on", metavar="YYYY-MM-DD", help="the day; today if not given")
        parser.add_argument("--format", choices=FORMATS, default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        day = a_day(options["on"])
        if not EARLIEST <= day.year <= LATEST:
            raise CommandError(f"Not a day that can be reckoned with: {day}.")
        expert = find_expert(options["expert"])
        try:
            where = position(expert, day)
        except PolicyMissing as error:
            raise CommandError(f"The policy row {error} is missing; run load_framework.") from error
        self.stdout.write(FORMATS[options["format"]](expert, options["expert"], where))
