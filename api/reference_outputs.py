"""Meetings, sources, bodies and themes as the API answers them, described for its OpenAPI document.

The documents are built in ``api.reference_documents``.
"""

from collections.abc import Mapping

from rest_framework import serializers

from api.outputs import Output, PageOutput, SchemaOutput
from commitments.documents import reference_schema as schemas

_KEY = {"key": "The key in URLs and in the register file. It cannot change."}
_NAMES = {"aliases": "Other names, which the search finds too."}


def _page() -> serializers.CharField:
    return serializers.CharField(help_text="Its page on this site.")


class RecordOutput(SchemaOutput):
    """A record with all its keys."""

    class Meta(SchemaOutput.Meta):
        all_keys = True


class CountryOutput(RecordOutput):
    """A state that can be a party."""

    url = _page()

    class Meta(RecordOutput.Meta):
        schema = schemas.COUNTRY
        help_texts: Mapping[str, str] = _NAMES


class AgencyOutput(RecordOutput):
    """A body that can be assigned to a commitment."""

    url = _page()

    class Meta(RecordOutput.Meta):
        schema = schemas.AGENCY
        help_texts: Mapping[str, str] = _KEY


class PersonOutput(RecordOutput):
    """An official. Positions are recorded with the meetings."""

    url = _page()

    class Meta(RecordOutput.Meta):
        schema = schemas.PERSON
        help_texts: Mapping[str, str] = _KEY | _NAMES


class MechanismOutput(RecordOutput):
    """A standing body whose sessions are meetings."""

    url = _page()

    class Meta(RecordOutput.Meta):
        schema = schemas.MECHANISM
        help_texts: Mapping[str, str] = _KEY


class ThemeOutput(RecordOutput):
    """A policy area of commitments."""

    class Meta(RecordOutput.Meta):
        schema = schemas.THEME
        help_texts: Mapping[str, str] = _KEY


class SourceFactsOutput(RecordOutput):
    """A document that mentions quote, without its text."""

    sha256 = serializers.CharField(
        help_text="The SHA-256 digest of the text as it was recorded, in hexadecimal. Empty without a text.",
        allow_blank=True,
    )
    page_url = _page()

    class Meta(RecordOutput.Meta):
        schema = schemas.SOURCE_FACTS
        help_texts: Mapping[str, str] = _KEY | {
            "language": "The code of the language (BCP 47).",
            "url": "The URL where it was published.",
            "note": "A note for readers.",
            "based_on": "The sources that it is based on, by their keys.",
        }


class ParagraphOutput(SchemaOutput):
    """A numbered paragraph of a source, which mentions can quote. A usual one has no label and no role."""

    class Meta(SchemaOutput.Meta):
        schema = schemas.PARAGRAPH
        sent: tuple[str, ...] = ("text",)


class ParagraphVersionOutput(SchemaOutput):
    """A version of a paragraph that was corrected. Version 1 is the first wording."""

    class Meta(SchemaOutput.Meta):
        schema = schemas.PARAGRAPH_VERSION


class SourceOutput(SourceFactsOutput):
    """A document that mentions quote, with its numbered paragraphs."""

    text = serializers.CharField(
        help_text="Numbered paragraphs, each beginning with “1. ”, “2. ” and so on.", allow_blank=True
    )
    paragraphs = ParagraphOutput(many=True)
    versions = ParagraphVersionOutput(
        many=True, help_text="All versions of the paragraphs that were corrected, the newest included."
    )


class WindowOutput(Output):
    """The window of a meeting whose exact date is unknown: the wording and the possible dates."""

    wording = serializers.CharField(allow_blank=True)
    earliest = serializers.DateField(allow_null=True)
    latest = serializers.DateField(allow_null=True)


class ParticipantOutput(RecordOutput):
    """A participant, with the position held at the time."""

    class Meta(RecordOutput.Meta):
        schema = schemas.PARTICIPANT
        help_texts: Mapping[str, str] = {"person": "The key of the person."}


class MeetingOutput(RecordOutput):
    """A meeting, held or planned."""

    window = WindowOutput(allow_null=True)
    participants = ParticipantOutput(many=True)
    url = _page()

    class Meta(RecordOutput.Meta):
        schema = schemas.MEETING
        help_texts: Mapping[str, str] = _KEY | {
            "mechanism": "The key of the mechanism.",
            "sources": "The keys of the sources that report on it.",
        }


class ChangedMeetingOutput(MeetingOutput):
    """A meeting after a change. If its day was corrected, it tells which commitments followed."""

    corrected = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="The references of the commitments whose status changes had copied the day of the meeting, "
        "and have the new one now. Only if there are any to tell of.",
    )
    not_corrected = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="Those that keep the day, since the new one would pass another change or today.",
    )


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
