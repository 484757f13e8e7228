"""Makes the archive of a release, from which later versions are upgraded in tests.

Run it once for each database, at the commit of the release, with DATABASE_URL at an empty database::

    PYTEST_VERSION=none DATABASE_URL=sqlite:///var/release.sqlite3 .venv/bin/python -m tests.upgrades.make
"""

import os
import sys
import tempfile
from pathlib import Path

import django
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from accounts.models import ApiToken  # noqa: E402  (the models can be imported only now)
from accounts.services.tokens import make_token  # noqa: E402
from commitments.models import Commitment  # noqa: E402
from commitments.services.bulk import select  # noqa: E402
from commitments.services.progress import add_evidence, record_progress  # noqa: E402
from commitments.services.saved_views import save_view  # noqa: E402
from commitments.services.transitions import apply_transition  # noqa: E402
from relations.models import Agency  # noqa: E402
from tests import factories as make  # noqa: E402
from tests.databases import SHIPPED  # noqa: E402

HERE = Path(__file__).parent


def fill() -> None:
    """Make what a site has after a while: the shipped register, accounts, and work with them."""
    call_command("load_register", str(SHIPPED), verbosity=0)
    officer, reviewer = make.user("officer", username="tran"), make.user("reviewer", username="le")
    make.user("focal_point", username="chea", agency=Agency.objects.first())
    make_token(owner=officer, name="Script", scope=ApiToken.Scope.READ, days=400)
    save_view(owner=officer, name="Border", query="state=open&theme=border")
    pledge = Commitment.objects.filter(status="in_progress").order_by("pk")[0]
    record_progress(commitment=pledge, actor=officer, achieved="Half of it.")
    minutes = SimpleUploadedFile("minutes.pdf", b"%PDF-1.4 minutes of a release")
    add_evidence(commitment=pledge, actor=officer, title="Minutes", file=minutes)
    apply_transition(commitment=pledge, name="submit", actor=officer, note="Done.", outcome="fulfilled")
    apply_transition(commitment=pledge, name="confirm", actor=reviewer)
    select(owner=officer, commitments=Commitment.objects.filter(status="agreed"))


def main() -> None:
    """Write ``<version>-<database>.zip`` beside this module."""
    with tempfile.TemporaryDirectory() as media:
        settings.MEDIA_ROOT = media
        call_command("migrate", verbosity=0)
        fill()
        call_command("backup", str(HERE / f"{settings.VERSION}-{connection.vendor}.zip"), stdout=sys.stdout)


if __name__ == "__main__":
    main()
