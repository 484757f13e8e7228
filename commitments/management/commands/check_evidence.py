"""Compare the files of evidence and of sources on disk with the register."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commitments.services.evidence_check import Problem, check_evidence


class Command(BaseCommand):
    """Changes nothing. Exits with 1 when a file is altered, empty or missing; an orphan alone is no error."""

    help = "Check every uploaded file against its hash; list altered, empty, missing and orphan files."

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(check_evidence())
        for finding in findings:
            where = f": {', '.join(finding.owners)}" if finding.owners else ""
            self.stdout.write(f"{finding.problem}: {finding.file}{where}")
        wrong = [each for each in findings if each.problem != Problem.ORPHAN]
        if wrong:
            raise CommandError(f"{len(wrong)} files are not as they were uploaded.")
        self.stdout.write(f"All files are as they were uploaded; {len(findings)} orphans.")
