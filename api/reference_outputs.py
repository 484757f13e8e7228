"""Meetings, sources, bodies and themes as the API answers them, described for its OpenAPI document.

The documents are built in ``api.reference_documents``.
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
    return _text("The key in URLs and in the register file. It cannot change.")


def _page() -> serializers.CharField:
    return _text("Its page on this site.")


def _code(**kwargs: Any) -> serializers.RegexField:
    return serializers.RegexField(r"^[A-Z]{2}$", help_text="ISO 3166-1 alpha-2.", **kwargs)


def _names() -> serializers.ListField:
    return serializers.ListField(child=_text(), help_text="Other names, which the search finds too.")


def _day() -> serializers.DateField:
    return serializers.DateField(allow_null=True)


class CountryOutput(Output):
    """A state that can be a party."""

    code = _code()
    name = _text()
    aliases = _names()
    url = _page()


class AgencyOutput(Output):
    """A body that can be assigned to a commitment."""

    key = _key()
    name = _text()
    acronym = _text(allow_blank=True)
    country = _code()
    kind = serializers.ChoiceField(choices=AgencyKind.choices)
    url = _page()


class PersonOutput(Output):
    """An official. Positions are recorded with the meetings."""

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
    """A policy area of commitments."""

    key = _key()
    name = _text()


class SourceFactsOutput(Output):
    """A document that mentions quote, without its text."""

    key = _key()
    kind = serializers.ChoiceField(choices=SourceKind.choices)
    title = _text()
    publisher = _text(allow_blank=True)
    published_on = _day()
    language = _text("BCP 47 code.", allow_blank=True)
    url = _text("The URL where it was published.", allow_blank=True)
    note = _text("A note for readers.", allow_blank=True)
    based_on = serializers.ListField(
        child=_text(), help_text="The sources that it is based on, by their keys."
    )
    sha256 = _text(
        "The SHA-256 digest of the text as it was recorded, in hexadecimal. Empty without a text.",
        allow_blank=True,
    )
    page_url = _page()


class ParagraphOutput(Output):
    """A numbered paragraph of a source, which mentions can quote."""

    number = serializers.IntegerField()
    text = _text()


class SourceOutput(SourceFactsOutput):
    """A document that mentions quote, with its numbered paragraphs."""

    text = _text("Numbered paragraphs, each beginning with “1. ”, “2. ” and so on.", allow_blank=True)
    paragraphs = ParagraphOutput(many=True)


class WindowOutput(Output):
    """The window of a meeting whose exact date is unknown: the wording and the possible dates."""

    wording = _text(allow_blank=True)
    earliest = _day()
    latest = _day()


class ParticipantOutput(Output):
    """A participant, with the position held at the time."""

    person = _text("The key of the person.")
    office = _text()
    country = _code()
    role = serializers.ChoiceField(choices=ParticipantRole.choices)


class MeetingOutput(Output):
    """A meeting, held or planned."""

    key = _key()
    title = _text()
    mechanism = _text("The key of the mechanism.", allow_null=True)
    session = serializers.IntegerField(allow_null=True)
    form = serializers.ChoiceField(choices=MeetingForm.choices)
    level = serializers.ChoiceField(choices=MeetingLevel.choices)
    status = serializers.ChoiceField(choices=MeetingStatus.choices)
    starts_on = _day()
    ends_on = _day()
    window = WindowOutput(allow_null=True)
    place = _text(allow_blank=True)
    country = _code(allow_null=True)
    sources = serializers.ListField(child=_text(), help_text="The keys of the sources that report on it.")
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
