"""The commitments whose days follow a meeting: in words for its form, as references for programs."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from commitments.models import Commitment, StatusChange
from commitments.services.day_corrections import Affected
from core.lists import all_of

if TYPE_CHECKING:
    from accounts.models import User


def affected_in_words(affected: Affected, user: "User") -> str:
    """What would be corrected and what keeps its day; "" if nothing is affected.

    Commitments that ``user`` may not see are not named.
    """
    sentences = []
    if moved := _named(affected.moved, user):
        sentences.append(
            _("The status changes that were dated by this meeting are corrected too: %(references)s.")
            % {"references": moved}
        )
    if kept := _named(affected.kept, user):
        sentences.append(
            _("These keep their day, since the new one would pass another change or today: %(references)s.")
            % {"references": kept}
        )
    return " ".join(sentences)


def affected_references(affected: Affected | None, user: "User") -> dict[str, list[str]]:
    """The references of what was ``corrected`` and ``not_corrected``; empty if nothing was affected.

    Commitments that ``user`` may not see are left out.
    """
    if not affected:
        return {}
    return {
        "corrected": _references(affected.moved, user),
        "not_corrected": _references(affected.kept, user),
    }


def _named(changes: Sequence[StatusChange], user: "User") -> str:
    references = _references(changes, user)
    if len(references) < len({change.commitment_id for change in changes}):
        references.append(_("other commitments"))
    return all_of(references)


def _references(changes: Iterable[StatusChange], user: "User") -> list[str]:
    visible = Commitment.objects.readable_by(user).filter(pk__in={change.commitment_id for change in changes})
    return list(visible.order_by("prefix", "year", "serial").values_list("reference", flat=True))
