"""Print the people of the demo region with whom one can sign in. Nothing else goes to stdout."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from rocb_portal.demo.logins import DemoLogin, demo_logins

PRINTED = ("party", "email", "password", "administration")


def as_json(logins: list[DemoLogin]) -> str:
    return json.dumps([{name: dict(login)[name] for name in PRINTED} for login in logins], indent=2, ensure_ascii=False)


def as_text(logins: list[DemoLogin]) -> str:
    rows = [("Who", "E-mail", "Password")]
    rows += [(login["label"], login["email"], login["password"]) for login in logins]
    first, second = (max(len(row[n]) for row in rows) for n in (0, 1))
    return "\n".join(f"{who:<{first}}  {email:<{second}}  {password}" for who, email, password in rows)


FORMATS = {"text": as_text, "json": as_json}


class Command(BaseCommand):
    help = "Print the logins of the demo region."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=FORMATS, default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_ALLOWED:
            raise CommandError("Demo logins are only for the embedded and the test settings.")
        logins = demo_logins()
        if not logins:
            raise CommandError("The demo region is not loaded: manage.py load_demo")
        self.stdout.write(FORMATS[options["format"]](logins))
