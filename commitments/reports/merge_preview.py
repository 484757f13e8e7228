"""What a merge of two commitments would do, side by side, before it is done."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.choices import PartyRole
from commitments.models import Commitment
from commitments.services.dossier import Stamp, stamp_for
from commitments.services.editing import countries_in
from commitments.services.merging import Moves, merge_refusal, moves_of
from core.lists import listed

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class MergePreview:
    """Both commitments, row by row; what comes over; and why they cannot be merged, if they cannot.

    ``stamps`` are the states of both dossiers that the preview shows.
    """

    kept: Commitment
    absorbed: Commitment
    rows: tuple[tuple[str, str, str], ...]
    effects: tuple[str, ...]
    refused: str
    stamps: tuple[Stamp, ...]


def preview_of(kept: Commitment, absorbed: Commitment, user: "User") -> MergePreview:
    """The preview for ``user``, who may see both."""
    stamps = tuple(stamp_for(user, each.reference) or Stamp() for each in (kept, absorbed))
    refused = merge_refusal(kept, absorbed, user)
    visible = Commitment.objects.visible_to(user)
    moves = moves_of(kept, absorbed)
    return MergePreview(
        kept,
        absorbed,
        rows=tuple((label, one, other) for label, one, other in _rows(kept, absorbed)),
        effects=tuple(
            _effects(kept, absorbed, moves, visible.filter(pk__in=[each.pk for each in moves.related]))
        ),
        refused=str(refused) if refused else "",
        stamps=stamps,
    )


def _rows(kept: Commitment, absorbed: Commitment) -> Iterator[tuple[str, str, str]]:
    one, other = _facts(kept), _facts(absorbed)
    for label in one:
        yield label, one[label] or "–", other[label] or "–"


def _facts(each: Commitment) -> dict[str, str]:
    mentions = each.mentions.select_related("meeting").order_by("meeting__day", "pk")
    return {
        _("Text"): each.text,
        _("Status"): str(capfirst(each.get_status_display())),
        _("Nature"): str(capfirst(each.get_nature_display())),
        _("Theme"): str(each.theme),
        _("Responsible"): listed(countries_in(each, PartyRole.OBLIGATED)),
        _("Deadline"): each.deadline_wording,
        _("Agencies"): listed(each.assignments.select_related("agency")),
        _("Mentioned at"): listed(dict.fromkeys(str(mention.meeting) for mention in mentions)),
        _("Classification"): str(capfirst(each.get_classification_display())),
    }


def _effects(kept: Commitment, absorbed: Commitment, moves: Moves, related: "object") -> Iterator[str]:
    """What changes, in sentences."""
    counts = (
        (
            len(moves.mentions),
            lambda n: ngettext("%(n)d mention comes over.", "%(n)d mentions come over.", n),
        ),
        (
            len(moves.assignments),
            lambda n: ngettext(
                "%(n)d agency comes over. It supports where another one leads.",
                "%(n)d agencies come over. They support where another one leads.",
                n,
            ),
        ),
        (
            len(moves.readings),
            lambda n: ngettext("%(n)d reading comes over.", "%(n)d readings come over.", n),
        ),
        (
            len(moves.progress),
            lambda n: ngettext(
                "%(n)d progress update is copied, with its day and its author.",
                "%(n)d progress updates are copied, with their days and their authors.",
                n,
            ),
        ),
        (
            len(moves.evidence),
            lambda n: ngettext(
                "%(n)d piece of evidence is copied.", "%(n)d pieces of evidence are copied.", n
            ),
        ),
        (
            moves.stays,
            lambda n: ngettext(
                "%(n)d row that both have, or that does not fit, stays with the merged one alone.",
                "%(n)d rows that both have, or that do not fit, stay with the merged one alone.",
                n,
            ),
        ),
    )
    for n, sentence in counts:
        if n:
            yield sentence(n) % {"n": n}
    if moves.target:
        yield _("The target comes over.")
    if names := listed(related):  # type: ignore[arg-type]
        yield _("Related commitments come over: %(names)s.") % {"names": names}
    if absorbed.classification > kept.classification:
        level = absorbed.get_classification_display()
        yield _("The classification becomes “%(level)s”.") % {"level": level}
    values = {"kept": kept.reference, "absorbed": absorbed.reference, "status": kept.get_status_display()}
    yield _("%(kept)s keeps its title, text, deadline and status: %(status)s.") % values
    yield _("%(absorbed)s leads to %(kept)s and is counted nowhere. A reviewer can undo the merge.") % values
