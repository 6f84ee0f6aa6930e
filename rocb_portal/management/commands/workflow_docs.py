from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rocb_portal.workflow_docs import PATH, written


class Command(BaseCommand):
    help = "Writes docs/workflow.md from the workflow tables; with --check only says whether it is current."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        text = written()
        if not options["check"]:
            PATH.write_text(text, encoding="utf-8")
        elif not PATH.exists() or PATH.read_text(encoding="utf-8") != text:
            raise CommandError("docs/workflow.md is stale: run manage.py workflow_docs")
