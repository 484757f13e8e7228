"""Stored evidence is what was uploaded; a torn or altered file is found, and is not handed out."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from commitments.models import Commitment, Evidence
from commitments.services.errors import RequirementsNotMet
from commitments.services.progress import add_evidence
from tests import factories as make
from tests.clients import client_as

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 minutes"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def attach(pledge: Commitment, content: bytes = PDF) -> Evidence:
    file = SimpleUploadedFile("minutes.pdf", content)
    return add_evidence(commitment=pledge, actor=make.user("officer"), title="Minutes", file=file)


def found() -> list[str]:
    out = StringIO()
    try:
        call_command("check_evidence", stdout=out)
    except CommandError as error:
        return [*out.getvalue().splitlines(), f"error: {error}"]
    return out.getvalue().splitlines()


def test_all_is_well_with_nothing_and_with_whole_files() -> None:
    assert found() == ["All files are as they were uploaded; 0 orphans."]
    pledge = make.commitment()
    attach(pledge), attach(pledge, PDF + b" again")
    assert found() == ["All files are as they were uploaded; 0 orphans."]


def test_each_kind_of_loss_is_named_with_its_commitments(media: Path) -> None:
    pledge, other = make.commitment(), make.commitment()
    missing, empty, altered = (attach(pledge, PDF + word) for word in (b" a", b" b", b" c"))
    attach(other, PDF + b" c")
    (media / missing.file.name).unlink()
    (media / empty.file.name).write_bytes(b"")
    (media / altered.file.name).write_bytes(PDF + b" x")
    (media / "evidence/zz").mkdir()
    (media / "evidence/zz/left.pdf").write_bytes(PDF)
    assert sorted(found()) == sorted(
        [
            f"missing: {missing.file.name}: {pledge.reference}",
            f"empty: {empty.file.name}: {pledge.reference}",
            f"altered: {altered.file.name}: {pledge.reference}, {other.reference}",
            "orphan: evidence/zz/left.pdf",
            "error: 3 files are not as they were uploaded.",
        ]
    )


def test_a_file_that_was_torn_is_whole_after_the_next_upload_of_it(media: Path) -> None:
    pledge = make.commitment()
    evidence = attach(pledge)
    (media / evidence.file.name).write_bytes(PDF[:5])
    attach(pledge)
    assert (media / evidence.file.name).read_bytes() == PDF


def test_a_file_that_is_there_is_not_written_again(media: Path) -> None:
    pledge = make.commitment()
    path = media / attach(pledge).file.name
    before = path.stat().st_ino
    attach(pledge)
    assert path.stat().st_ino == before


@pytest.mark.parametrize(
    "door", ["/commitments/{ref}/evidence/{pk}/", "/api/v1/commitments/{ref}/evidence/{pk}/file/"]
)
def test_an_altered_file_is_not_handed_out(door: str, media: Path) -> None:
    evidence = attach(make.commitment())
    client, url = client_as("officer"), door.format(ref=evidence.commitment.reference, pk=evidence.pk)
    assert b"".join(client.get(url).streaming_content) == PDF
    (media / evidence.file.name).write_bytes(PDF + b" and more")
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("name", ["minutes.docx", "minutes.xlsx", "minutes.odt"])
def test_an_archive_is_judged_by_what_is_in_it(name: str) -> None:
    with pytest.raises(RequirementsNotMet):
        add_evidence(
            commitment=make.commitment(),
            actor=make.user("officer"),
            title="Minutes",
            file=SimpleUploadedFile(name, b"PK\x03\x04 no document"),
        )
