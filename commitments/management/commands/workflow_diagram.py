"""Write docs/workflow.md from the workflow table."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from commitments.reports.workflow_diagram import page


class Command(BaseCommand):
    """``workflow_diagram`` writes the page; ``--check`` only tells whether it is stale."""

    help = "Write docs/workflow.md from the workflow table."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit 1 when the page is stale"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "workflow.md"
        if options["check"]:
            if not path.exists() or path.read_text() != page():
                raise CommandError("docs/workflow.md is stale; run: manage.py workflow_diagram")
        else:
            path.write_text(page())
            self.stdout.write(f"wrote {path.name}")
