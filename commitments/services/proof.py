"""What proves an outcome: evidence that is given with a transition, and what is on record already."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commitments.choices import EvidenceType, Status
from commitments.models import Commitment, Evidence
from commitments.services.errors import RequirementsNotMet
from commitments.services.files import check_file, store_file
from commitments.workflow import MENTIONS_THAT_PROVE
from core.uploads import StoredFile

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


@dataclass(frozen=True, slots=True)
class EvidenceGiven:
    """Evidence given with a transition: a link, a file, or a file that was attached before (``uploaded``)."""

    title: str
    url: str = ""
    type: str = EvidenceType.OTHER
    dated_on: dt.date | None = None
    uploaded: Evidence | None = None
    file: "UploadedFile[Any] | None" = None


def proven_outcomes(commitment: Commitment, *, without: Collection[int] = ()) -> frozenset[Status]:
    """The outcomes that evidence or a mention on record proves, so that a submission needs no more.

    ``without`` are the keys of mentions to ignore.
    """
    opened = commitment.status_changes.filter(opens=True).order_by("-number").first()
    given = commitment.evidence.filter(withdrawal=None)
    if (given.filter(recorded_at__gte=opened.recorded_at) if opened else given).exists():
        return frozenset(MENTIONS_THAT_PROVE)
    mentions = commitment.mentions.exclude(pk__in=without)
    kinds = set(mentions.order_by().values_list("kind", flat=True))
    return frozenset(outcome for outcome, proving in MENTIONS_THAT_PROVE.items() if proving & kinds)


def check_files(files: "Sequence[UploadedFile[Any]]") -> None:
    """Check the files of one transition. Raise ``RequirementsNotMet`` with all that is wrong with them."""
    problems: list[str] = []
    for file in files:
        try:
            check_file(file)
        except RequirementsNotMet as refused:
            problems += [message for messages in refused.errors.values() for message in messages]
    if problems:
        raise RequirementsNotMet({"evidence": problems})


def file_of(given: EvidenceGiven) -> StoredFile | None:
    """The file of a piece of evidence, which is stored now unless it was before. A link has none."""
    if given.file is not None:
        return store_file(given.file)
    uploaded = given.uploaded
    if uploaded is None:
        return None
    return StoredFile(name=uploaded.file_name, sha256=uploaded.sha256, stored_as=str(uploaded.file.name))
