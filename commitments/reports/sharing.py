"""What is shared with others: a file or a document that leaves out what is classified above a level."""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import Clearance
from commitments.querysets import CommitmentQuerySet
from core.lists import one_of

UP_TO = "up_to"
"""The parameter that names the level, by its key."""
LEVELS = {each.name.lower(): each for each in Clearance}


def level_named(values: Sequence[str]) -> tuple[Clearance | None, list[str]]:
    """The level that ``values`` name, if any, and what is wrong with them."""
    given = list(dict.fromkeys(value for value in values if value))
    if not given:
        return None, []
    if len(given) > 1:
        return None, [_("“%(name)s” takes only one value.") % {"name": UP_TO}]
    if given[0] not in LEVELS:
        message = _("There is no level “%(value)s”. Possible: %(levels)s.")
        return None, [message % {"value": given[0].replace("\x00", "?"), "levels": one_of(LEVELS)}]
    return LEVELS[given[0]], []


def scope_of_sharing(level: Clearance) -> str:
    """What a document up to ``level`` contains, as a sentence."""
    return _("Contains only commitments classified %(level)s or lower.") % {"level": level.label}


def left_out_in_words(shared: CommitmentQuerySet, whole: Callable[[], CommitmentQuerySet]) -> str:
    """How many of ``whole`` are not in ``shared``, where the setting lets it be said; "" otherwise."""
    if not settings.SHARING_TELLS_LEFT_OUT:
        return ""
    n = whole().count() - shared.count()
    sentence = ngettext(
        "%(n)s commitment that is classified higher is left out.",
        "%(n)s commitments that are classified higher are left out.",
        n,
    )
    return sentence % {"n": number_format(n)}
