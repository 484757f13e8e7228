"""What was entered in error, in words."""

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from commitments.models import Commitment, Mention, ProgressUpdate, Reading
from commitments.services.entered_in_error import Thing
from core.lists import listed

_WORDS = 12
"""The most words of a progress update that name it."""


def in_words(thing: Thing) -> str:
    """What ``thing`` is: its kind, its day, and what tells it from others."""
    match thing:
        case Commitment():
            return _("The commitment itself")
        case Mention():
            values = {"mention": thing, "citation": thing.paragraph.citation}
            # Translators: "mention" is its kind and its meeting, as in "reaffirmed, Joint Committee".
            return _("Mention: %(mention)s, § %(citation)s") % values
        case ProgressUpdate():
            text = " ".join(filter(None, (thing.achieved, thing.challenges, thing.recommendations)))
            values = {"day": date_format(thing.occurred_on), "text": Truncator(text).words(_WORDS)}
            return _("Progress update of %(day)s: %(text)s") % values
        case Reading():
            figure = listed(filter(None, (f"{thing.value.normalize():f}", thing.period)))
            return _("Reading of %(day)s: %(figure)s") % {
                "day": date_format(thing.as_of),
                "figure": figure,
            }
    raise TypeError(thing)
