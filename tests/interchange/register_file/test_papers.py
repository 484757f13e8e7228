"""The files of sources in the register file: by their hash, with who attached and who withdrew them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from interchange.register_file.errors import InvalidRegisterFile
from interchange.register_file.result import LoadResult
from relations.models import Paper
from relations.services.papers import attach_paper, withdraw_paper
from tests import factories as make

Dump = Callable[[], str]
Load = Callable[..., LoadResult]


@pytest.fixture(autouse=True)
def _kept_apart(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.mark.django_db(transaction=True)
def test_files_are_dumped_by_their_hash_and_loaded_again(
    dump: Dump, load: Load, emptied: Callable[[], None]
) -> None:
    source, officer = make.source(slug="minutes"), make.user("officer")
    first = attach_paper(
        source=source, actor=officer, file=SimpleUploadedFile("Biên bản.pdf", b"%PDF-1.7 a"), language="vi"
    )
    attach_paper(source=source, actor=officer, file=SimpleUploadedFile("b.txt", b"They met."))
    before = dump()
    assert load(before).conflicts == []
    assert Paper.objects.count() == 2
    withdraw_paper(paper=first, actor=officer, reason="Another paper.")
    after = dump()
    assert f"sha256: {first.sha256}" in after
    emptied()
    load(before)
    load(after)  # a file that was withdrawn meanwhile is withdrawn here
    assert dump() == after
    assert load(before).conflicts == []
    assert dump() == after
    emptied()
    load(after)
    assert dump() == after
    assert [each.is_withdrawn for each in Paper.objects.order_by("pk")] == [True, False]


@pytest.mark.django_db
def test_a_file_without_its_hash_is_an_error_with_its_line(dump: Dump, load: Load) -> None:
    make.source(slug="minutes")
    added = "    papers:\n      - file: ../x\n        file_name: x\n        size: 0\n"
    text = re.sub(r"(?m)^    text: \|$", rf"{added}\g<0>", dump())
    with pytest.raises(InvalidRegisterFile) as refused:
        load(text)
    line = next(n for n, each in enumerate(text.splitlines(), 1) if "../x" in each)
    told = {(each.line, each.location.rpartition(".")[2]) for each in refused.value.errors}
    assert {(line, "file"), (line, "sha256"), (line + 2, "size")} <= told
    assert not Paper.objects.exists()
