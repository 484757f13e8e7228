"""A small register file, and fixtures that load and dump."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from core.append_only import install_guards, lift_guards
from core.audit.triggers import install_audit, lift_audit
from interchange.register_file.dump import dump_register
from interchange.register_file.errors import InvalidRegisterFile
from interchange.register_file.load import load_register
from interchange.register_file.result import LoadResult
from tests.databases import SHIPPED

SMALL = """\
register: 1
title: A small register
as_of: 2026-01-16
countries:
  - code: KH
    name: Cambodia
  - code: VN
    name: Viet Nam
agencies:
  - key: vn-mofa
    name: Ministry of Foreign Affairs
    country: VN
    kind: ministry
people:
  - key: le-hoai-trung
    name: Le Hoai Trung
    country: VN
mechanisms:
  - key: joint-committee
    name: Joint Committee
    countries: [KH, VN]
themes:
  - key: border
    name: Border
sources:
  - key: note
    kind: note_for_file
    title: Note for file
    text: |
      1. They agreed.

      2. They agreed again.
meetings:
  - key: jc-21
    title: Joint Committee, 21st session
    mechanism: joint-committee
    session: 21
    form: committee_session
    level: minister
    status: held
    starts_on: 2025-12-09
    sources:
      - note
    participants:
      - person: le-hoai-trung
        office: Minister of Foreign Affairs
        country: VN
        role: co_chair
commitments:
  - reference: KHVN-2025-001
    title: Hold the next session
    text: Hold it in 2026.
    nature: event
    theme: border
    parties: [KH, VN]
    obligated: [VN]
    agencies:
      - agency: vn-mofa
        role: lead
    deadline:
      wording: in 2026
      earliest: 2026-01-01
      latest: 2026-12-31
    status: in_progress
    status_history:
      - status: agreed
        'on': 2025-12-09
        note: Agreed.
        source: note
        paragraph: 1
      - status: in_progress
        'on': 2026-01-10
        note: Begun.
    mentions:
      - meeting: jc-21
        source: note
        paragraph: 1
        kind: made
        modality: agreed
    related:
      - KHVN-2025-002
  - reference: KHVN-2025-002
    title: Keep the peace
    text: Keep it.
    nature: principle
    theme: border
    parties: [KH, VN]
    obligated: [KH, VN]
    status: standing
    status_history:
      - status: standing
        'on': 2025-12-09
    mentions:
      - meeting: jc-21
        source: note
        paragraph: 2
        kind: made
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Write a text to a file."""

    def write(text: str | bytes) -> Path:
        path = tmp_path / "register.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def load(write: Callable[[str], Path]) -> Callable[..., LoadResult]:
    """Load a text as a register file."""

    def load(text: str, **options: bool) -> LoadResult:
        return load_register(write(text), **options)

    return load


@pytest.fixture
def errors(load: Callable[..., LoadResult]) -> Callable[[str], list[str]]:
    """Load a text that must fail, and return its errors."""

    def errors(text: str) -> list[str]:
        with pytest.raises(InvalidRegisterFile) as invalid:
            load(text)
        return [str(error) for error in invalid.value.errors]

    return errors


@pytest.fixture
def dump() -> Callable[[], str]:
    """Dump the register to a text."""

    def dump() -> str:
        stream = io.StringIO()
        dump_register(stream)
        return stream.getvalue()

    return dump


@pytest.fixture
def emptied() -> Callable[[], None]:
    """Return a function that empties the database."""

    def empty() -> None:
        lift_guards()
        lift_audit()
        call_command("flush", interactive=False, verbosity=0)
        install_guards()
        install_audit()

    return empty


@pytest.fixture
def small() -> str:
    """A file with two commitments and no errors. Tests refer to its lines by number."""
    return SMALL


@pytest.fixture
def shipped() -> Path:
    """The file of the register that comes with the program."""
    return SHIPPED
