"""Load the facts of the framework: members, categories, areas, tables, needs, policy, centres."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from centres.loading import load_centres
from experts.loading import load_expertise
from gap_analysis.loading import load_evidence
from members.loading import load_administrations


class Command(BaseCommand):
    help = "Load the facts of the framework. Safe to repeat: it adds what is missing and overwrites nothing."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        new = {
            "administrations": load_administrations(),
            **load_expertise(),
            "centres": load_centres(),
            "remarks": load_evidence(),
        }
        added = ", ".join(f"{count} {name}" for name, count in new.items() if count)
        self.stdout.write(f"Framework data: {added} added." if added else "Framework data: nothing to add.")
