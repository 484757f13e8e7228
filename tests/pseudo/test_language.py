"""The made-up language itself: what it changes, what it leaves, and that nothing escapes it."""

import datetime as dt

import pytest
from django.template import Context, Template
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, npgettext, pgettext

from commitments.choices import Status
from commitments.models import Commitment
from commitments.workflow import TRANSITIONS, TransitionName
from tests.pseudo.language import accented, spoken
from tests.pseudo.reading import is_english


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Open", "Öþéñ"),
        ("%(n)d of %(all)s", "%(n)d öƒ %(all)s"),
        ("100 %% done, %s", "100 %% ðöñé, %s"),
        ("No {name} here", "Ñö {name} ĥéŕé"),
        ('Go <a href="%(url)s">there</a> &amp; back', 'Ĝö <a href="%(url)s">ţĥéŕé</a> &amp; ƀåçķ'),
    ],
)
def test_letters_change_and_nothing_else(message: str, said: str) -> None:
    assert accented(message) == said


def test_every_way_into_gettext_leads_to_it() -> None:
    with spoken():
        assert gettext("Open") == pgettext("state", "Open") == "Öþéñ"
        assert ngettext("%(n)d row", "%(n)d rows", 2) == npgettext("x", "%(n)d row", "%(n)d rows", 2)
        source = (
            '{% load i18n %}{% translate "Open" %} {% blocktranslate %}{{ n }} open{% endblocktranslate %}'
        )
        assert Template(source).render(Context({"n": 2})) == "Öþéñ 2 öþéñ"
    assert gettext("Open") == "Open"


def test_what_was_said_when_the_program_started_is_said_anew() -> None:
    with spoken():
        kept = (
            Status.AGREED.label,
            TRANSITIONS[TransitionName.START].label,
            Commitment._meta.verbose_name_plural,
        )
        assert not any(is_english(str(each)) for each in kept)


def test_days_keep_the_formats_of_english_and_name_their_months() -> None:
    with spoken():
        assert date_format(dt.date(2026, 5, 2), "LONG_DATE_FORMAT") == f"2 {accented('May')} 2026"
        assert date_format(dt.date(2026, 11, 2)) == f"2 {accented('Nov')} 2026"
