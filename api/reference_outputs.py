"""What the API tells of meetings, sources, bodies and themes, described.

The documents themselves are built in ``api.reference_documents``.
"""

from typing import Any

from rest_framework import serializers

from api.outputs import Output, PageOutput
from relations.choices import (
    AgencyKind,
    MeetingForm,
    MeetingLevel,
    MeetingStatus,
    ParticipantRole,
    SourceKind,
)


def _text(help_text: str = "", **kwargs: Any) -> serializers.CharField:
    return serializers.CharField(help_text=help_text, **kwargs)


def _key() -> serializers.CharField:
    return _text("How addresses and the register file call it; it never changes.")


def _page() -> serializers.CharField:
    return _text("The page of it on this site.")


def _code(**kwargs: Any) -> serializers.RegexField:
    return serializers.RegexField(r"^[A-Z]{2}$", help_text="ISO 3166-1 alpha-2.", **kwargs)


def _names() -> serializers.ListField:
    return serializers.ListField(child=_text(), help_text="Other names under which it is found.")


def _day() -> serializers.DateField:
    return serializers.DateField(allow_null=True)


class CountryOutput(Output):
    """A state that can be a party."""

    code = _code()
    name = _text()
    aliases = _names()
    url = _page()


class AgencyOutput(Output):
    """A body that can be charged with a commitment."""

    key = _key()
    name = _text()
    acronym = _text(allow_blank=True)
    country = _code()
    kind = serializers.ChoiceField(choices=AgencyKind.choices)
    url = _page()


class PersonOutput(Output):
    """An official; the office belongs to the meeting."""

    key = _key()
    name = _text()
    aliases = _names()
    country = _code()


class MechanismOutput(Output):
    """A standing body whose sessions are meetings."""

    key = _key()
    name = _text()
    acronym = _text(allow_blank=True)
    countries = serializers.ListField(child=_code())
    note = _text(allow_blank=True)
    url = _page()


class ThemeOutput(Output):
    """A field of policy under which commitments are filed."""

    key = _key()
    name = _text()


class SourceFactsOutput(Output):
    """A document on which mentions rest, without its text."""

    key = _key()
    kind = serializers.ChoiceField(choices=SourceKind.choices)
    title = _text()
    publisher = _text(allow_blank=True)
    published_on = _day()
    language = _text("BCP 47 code.", allow_blank=True)
    url = _text("Where it can be read, as recorded.", allow_blank=True)
    note = _text("What a reader must know of it.", allow_blank=True)
    based_on = serializers.ListField(
        child=_text(), help_text="The sources from which it was written, by their keys."
    )
    sha256 = _text(
        "The digest taken when the text was recorded, in hexadecimal; empty without a text.", allow_blank=True
    )
    page_url = _page()


class ParagraphOutput(Output):
    """A numbered paragraph of a source: what a mention quotes."""

    number = serializers.IntegerField()
    text = _text()


class SourceOutput(SourceFactsOutput):
    """A document on which mentions rest, with its numbered paragraphs."""

    text = _text("Numbered paragraphs, each beginning “1. ”, “2. ” and so on.", allow_blank=True)
    paragraphs = ParagraphOutput(many=True)


class WindowOutput(Output):
    """Where no day is known: the words used, and the days that it can be."""

    wording = _text(allow_blank=True)
    earliest = _day()
    latest = _day()


class ParticipantOutput(Output):
    """Somebody who took part, in the office held on that day."""

    person = _text("By key.")
    office = _text()
    country = _code()
    role = serializers.ChoiceField(choices=ParticipantRole.choices)


class MeetingOutput(Output):
    """An occasion, held or to come."""

    key = _key()
    title = _text()
    mechanism = _text("By key.", allow_null=True)
    session = serializers.IntegerField(allow_null=True)
    form = serializers.ChoiceField(choices=MeetingForm.choices)
    level = serializers.ChoiceField(choices=MeetingLevel.choices)
    status = serializers.ChoiceField(choices=MeetingStatus.choices)
    starts_on = _day()
    ends_on = _day()
    window = WindowOutput(allow_null=True)
    place = _text(allow_blank=True)
    country = _code(allow_null=True)
    sources = serializers.ListField(child=_text(), help_text="What reports on it, by key.")
    participants = ParticipantOutput(many=True)
    url = _page()


class CountryPageOutput(PageOutput):
    """One page of countries."""

    results = CountryOutput(many=True)


class AgencyPageOutput(PageOutput):
    """One page of agencies."""

    results = AgencyOutput(many=True)


class PersonPageOutput(PageOutput):
    """One page of people."""

    results = PersonOutput(many=True)


class MechanismPageOutput(PageOutput):
    """One page of mechanisms."""

    results = MechanismOutput(many=True)


class ThemePageOutput(PageOutput):
    """One page of themes."""

    results = ThemeOutput(many=True)


class SourcePageOutput(PageOutput):
    """One page of sources, without their texts."""

    results = SourceFactsOutput(many=True)


class MeetingPageOutput(PageOutput):
    """One page of meetings."""

    results = MeetingOutput(many=True)
