"""What a register file for others contains: nothing that is classified above a level."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from accounts.choices import Clearance
from accounts.models import User
from commitments.documents.building import Document
from commitments.documents.commitment import commitment_document, with_document_relations
from commitments.documents.reference import (
    document_of,
    meeting_in_file,
    source_in_file,
    stored,
    with_refused_passages,
    with_set_aside,
)
from commitments.models import Commitment, StatusChange

_FROM = "from"


class SharedRegister:
    """The register up to a level. The file of it can be loaded like any other.

    It has no field history, which tells what stood in a field before, at whatever level. It has no commitment
    that was merged into another one, and none whose history names a successor that is left out: the loader
    needs the successor, and its reference would tell of it. Countries, agencies, people, mechanisms and
    themes are not classified.
    """

    def __init__(self, up_to: Clearance) -> None:
        # An account in memory that reads everything up to the level. It is never saved.
        self._reader = User(username="", is_superuser=True, clearance=up_to)
        readable = Commitment.objects.readable_by(self._reader)
        self._commitments = readable.exclude(pk__in=_without_successor(readable))

    def read(self, section: str) -> tuple[QuerySet[Any], Callable[[Any], Document]]:
        """The records of ``section`` in the order of the file, and what makes an entry of one."""
        if section == "commitments":
            among = self._commitments
            return with_document_relations(among.order_by("pk"), among=among, with_errors=True), _document
        rows = stored(section, self._reader)
        if section == "meetings":
            return with_set_aside(rows, self._reader), meeting_in_file
        if section == "sources":
            return with_refused_passages(rows), source_in_file
        return rows, document_of

    def left_out(self) -> int:
        """How many commitments are not in the file, without those that were merged into another one."""
        return Commitment.objects.filter(merged_into=None).count() - self._commitments.count()


def _without_successor(readable: QuerySet[Commitment]) -> set[int]:
    """The keys among ``readable`` whose history names a successor that is left out, also for this reason."""
    named = StatusChange.objects.exclude(successor=None).order_by()
    links = set(named.values_list("commitment", "successor"))
    kept = set(readable.filter(pk__in=named.values("successor")).values_list("pk", flat=True))
    left_out: set[int] = set()
    while more := {key for key, successor in links if successor not in kept} - left_out:
        left_out |= more
        kept -= more
    return left_out


def _document(commitment: Commitment) -> Document:
    """``commitment`` without the references of those that were merged into it."""
    document: Document = _without_origin(commitment_document(commitment))
    return document


def _without_origin(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_origin(each) for key, each in value.items() if key != _FROM}
    return [_without_origin(each) for each in value] if isinstance(value, list) else value
