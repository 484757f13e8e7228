"""A site with everything that a backup must have, and another one beside it."""

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from accounts.models import ApiToken
from accounts.services.tokens import make_token
from commitments.services.progress import add_evidence
from commitments.services.saved_views import save_view
from interchange.register_file.dump import dump_register
from tests import factories as make
from tests.databases import TestDatabases

Elsewhere = Callable[..., AbstractContextManager[None]]


def run(name: str, *arguments: Any) -> str:
    """Run a command; return what it printed."""
    out = io.StringIO()
    call_command(name, *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


def dump() -> str:
    """The whole register, as the file that says most about it."""
    out = io.StringIO()
    dump_register(out)
    return out.getvalue()


def pdf(text: str = "minutes") -> SimpleUploadedFile:
    """A file that may be evidence."""
    return SimpleUploadedFile(f"{text}.pdf", f"%PDF-1.4 {text}".encode())


@pytest.fixture
def site(transactional_db: None, settings: Any, tmp_path: Path) -> Path:
    """A site with an account, a token, a view, a commitment with a file; its folder of uploaded files."""
    settings.MEDIA_ROOT = tmp_path / "media"
    officer = make.user("officer", username="tran")
    make_token(owner=officer, name="Script", scope=ApiToken.Scope.READ, days=1)
    pledge = make.commitment()
    add_evidence(commitment=pledge, actor=officer, title="Minutes", file=pdf())
    save_view(owner=officer, name="Mine", query="state=open")
    return tmp_path / "media"


@pytest.fixture
def elsewhere(test_databases: TestDatabases, settings: Any, tmp_path: Path) -> Elsewhere:
    """Makes another site the present one: its own database, its own folder of uploaded files."""

    @contextmanager
    def use(*, migrated: bool = True) -> Iterator[None]:
        before, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path / "elsewhere"
        try:
            with test_databases.elsewhere(migrated=migrated):
                yield
        finally:
            settings.MEDIA_ROOT = before

    return use
