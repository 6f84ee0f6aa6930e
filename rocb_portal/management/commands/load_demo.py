"""Load the fictional demo region. It refuses wherever real people work."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from members.models import Administration
from rocb_portal.demo.loading import load_demo


class Command(BaseCommand):
    help = "Load the fictional demo region. Safe to repeat: a second run adds nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_ALLOWED:
            raise CommandError("The demo region is only for the embedded and the test settings.")
        if not Administration.objects.exists():
            raise CommandError("Load the framework's data first: manage.py load_framework")
        self.stdout.write("Demo region: loaded." if load_demo() else "Demo region: already there, nothing to add.")
