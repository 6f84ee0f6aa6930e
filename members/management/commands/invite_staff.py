"""The first account of a new portal: invite somebody of ROCB A/P by e-mail. All others are invited in the portal."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import PortalError
from members import services
from members.enums import Party


class Command(BaseCommand):
    help = "Invite a member of staff of ROCB A/P; the e-mail with the link to join goes through the outbox."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        try:
            user = services.invite_user(by=None, email=email, name=name, party=Party.ROCB)
        except PortalError as error:
            raise CommandError(str(error.sentence)) from error
        self.stdout.write(f"Invited {user.email}.")
