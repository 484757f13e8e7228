"""The commitments whose days follow a meeting, in words, for the form in which its day is mended."""

from collections.abc import Iterable
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


def _named(changes: Iterable[StatusChange], user: "User") -> str:
    keys = {change.commitment_id for change in changes}
    visible = Commitment.objects.readable_by(user).filter(pk__in=keys)
    references = list(visible.order_by("prefix", "year", "serial").values_list("reference", flat=True))
    if len(references) < len(keys):
        references.append(_("other commitments"))
    return all_of(references)
