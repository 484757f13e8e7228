"""Write docs/workflow.md from the workflow table."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from commitments.reports.workflow_diagram import page


class Command(BaseCommand):
    """Writes the page. With ``--check`` it writes nothing and fails if the page is not up to date."""

    help = "Write docs/workflow.md from the workflow table."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit 1 if the page is not up to date"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "workflow.md"
        if options["check"]:
            if not path.exists() or path.read_text() != page():
                raise CommandError("docs/workflow.md is not up to date; run: manage.py workflow_diagram")
        else:
            path.write_text(page())
            self.stdout.write(f"wrote {path.name}")
