"""Make a large fictional region for measuring. It refuses wherever real people work."""

import argparse
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from members.models import Administration
from rocb_portal.load.region import load_region


def _number(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("a number cannot be below zero")
    return number


class Command(BaseCommand):
    help = "Make a large fictional region for measuring: people, missions and all that hangs on them."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--experts", type=_number, default=12_000, metavar="N", help="how many people")
        parser.add_argument("--missions", type=_number, default=50_000, metavar="N", help="how many missions")
        parser.add_argument(
            "--members",
            type=_number,
            default=0,
            metavar="N",
            help="how many administrations, the missing ones invented",
        )
        parser.add_argument("--seed", type=int, default=1, metavar="N", help="one seed gives one region")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_ALLOWED:
            raise CommandError("A region for measuring is only for the embedded and the test settings.")
        if not Administration.objects.exists():
            raise CommandError("Load the framework's data first: manage.py load_framework")
        began = time.monotonic()
        loaded = load_region(**{name: options[name] for name in ("experts", "missions", "members", "seed")})
        self.stdout.write(
            f"Region for measuring: {loaded.experts} experts and {loaded.missions} missions, all fictional, "
            f"in {time.monotonic() - began:.0f} seconds."
        )
