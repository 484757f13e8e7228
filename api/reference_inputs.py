"""Input for meetings, sources, bodies and themes: the register file's keys, as arguments of the services."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.validators import validate_slug
from django.utils.translation import gettext as _
from rest_framework import serializers

from api.inputs import ClassificationField, text_of
from commitments.documents.schema import field_of
from core.api.serializers import ByKeyField, StrictSerializer, WebAddressField
from relations.choices import (
    AgencyKind,
    MeetingForm,
    MeetingLevel,
    MeetingStatus,
    ParagraphRole,
    ParticipantRole,
    SourceKind,
)
from relations.models import Country, Mechanism, Person, Source
from relations.recording_forms import LONGEST_TEXT
from relations.services.meetings import Participant
from relations.services.paragraph_splitting import MAX_PARAGRAPHS
from relations.services.sources import ParagraphLabel

LARGEST_SESSION = 2_147_483_647
MOST_NAMES, MOST_PARTICIPANTS = 100, 500
WINDOW = {"wording": "window_wording", "earliest": "window_earliest", "latest": "window_latest"}
"""The column of each part of the window in the request body."""


ONLY_TOLD = frozenset({"former_keys", "corrected", "not_corrected"})
"""Members of answers that nobody can change."""


class ReferenceInput(StrictSerializer):
    """A record with its key. With ``changing`` in the context no member is required."""

    key = serializers.CharField(
        max_length=80,
        validators=[validate_slug],
        required=False,
        help_text="Letters, digits, `-` and `_`. Default: made from the name. It cannot change.",
    )

    despite = serializers.ListField(
        child=serializers.CharField(max_length=80),
        required=False,
        max_length=MOST_NAMES,
        help_text="When creating: the keys of `twins`, as a refusal named them, that are other records.",
    )

    columns: ClassVar[tuple[str, ...]] = ()

    def to_internal_value(self, data: Any) -> Any:
        """The values. ``ONLY_TOLD`` are left out, so what was read can be sent back."""
        if self.context.get("changing") and isinstance(data, Mapping):
            data = {name: value for name, value in data.items() if name not in ONLY_TOLD}
        return super().to_internal_value(data)

    def get_fields(self) -> dict[str, Any]:
        """The fields; in a change none of them is required."""
        fields: dict[str, Any] = super().get_fields()
        if self.context.get("changing"):
            for field in fields.values():
                field.required = False
        return fields

    def arguments(self) -> dict[str, Any]:
        """The keyword arguments of the services, from valid input."""
        values = dict(self.validated_data)
        columns = {name: values.pop(name) for name in self.columns if name in values}
        if self.context.get("changing"):
            values.pop("despite", None)
        else:
            values.pop("raises", None)
        return {"fields": columns, **values}


class RaisesField(serializers.ListField):
    """The commitments that the caller knows to be raised by a higher classification."""

    child = serializers.CharField(max_length=40)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            help_text="To classify it higher: the references of the commitments that are raised with it, as "
            "the answer 409 names them. Without them nothing is changed.",
            **kwargs,
        )


class AliasesField(serializers.ListField):
    """Other names, without duplicates."""

    child = serializers.CharField(max_length=200)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=MOST_NAMES, help_text="Other names, which the search finds too.", **kwargs
        )

    def to_internal_value(self, data: Any) -> list[str]:
        """The names, in their order."""
        return list(dict.fromkeys(super().to_internal_value(data)))


class CountryInput(ReferenceInput):
    """A state that can be a party."""

    key = None  # type: ignore[assignment]
    despite = None  # type: ignore[assignment]
    code = serializers.RegexField(
        r"^[A-Za-z]{2}\Z", help_text="ISO 3166-1 alpha-2. It is stored in capitals and cannot change."
    )
    name = text_of("Country.name", help_text="It must be unique.")
    aliases = AliasesField(required=False)

    columns = ("name", "aliases")

    def arguments(self) -> dict[str, Any]:
        """The arguments, with the code as the key."""
        values = super().arguments()
        return values | {"key": values.pop("code").upper()} if "code" in values else values


class AgencyInput(ReferenceInput):
    """A body that can be assigned to a commitment."""

    name = text_of("Agency.name")
    acronym = text_of("Agency.acronym", required=False, allow_blank=True)
    aliases = AliasesField(required=False)
    country = ByKeyField("code", queryset=Country.objects.all())
    kind = serializers.ChoiceField(choices=AgencyKind.choices)

    columns = ("name", "acronym", "aliases", "country", "kind")


class PersonInput(ReferenceInput):
    """An official. Positions are recorded with the meetings."""

    name = text_of("Person.name")
    aliases = AliasesField(required=False)
    country = ByKeyField("code", queryset=Country.objects.all())

    columns = ("name", "aliases", "country")


class MechanismInput(ReferenceInput):
    """A standing body whose sessions are meetings."""

    name = text_of("Mechanism.name")
    acronym = text_of("Mechanism.acronym", required=False, allow_blank=True)
    aliases = AliasesField(required=False)
    countries = ByKeyField("code", queryset=Country.objects.all(), many=True, allow_empty=False)
    note = text_of("Mechanism.note", required=False, allow_blank=True)

    columns = ("name", "acronym", "aliases", "note")


class ThemeInput(ReferenceInput):
    """A policy area of commitments."""

    despite = None  # type: ignore[assignment]
    name = text_of("Theme.name", help_text="It must be unique.")

    columns = ("name",)


class ParagraphLabelInput(StrictSerializer):
    """What a paragraph of the text bears on the paper, by its number in the text."""

    number = serializers.IntegerField(min_value=1, max_value=MAX_PARAGRAPHS)
    label = text_of(  # type: ignore[assignment]
        "Paragraph.label",
        required=False,
        allow_blank=True,
        allow_null=True,
        help_text="Its label on the paper, if that is not its number. Empty: it has none there.",
    )
    role = serializers.ChoiceField(choices=ParagraphRole.choices, default=ParagraphRole.PARAGRAPH)


class SourceInput(ReferenceInput):
    """A document that mentions quote."""

    kind = serializers.ChoiceField(choices=SourceKind.choices)
    title = text_of("Source.title")
    number = text_of(
        "Source.number",
        required=False,
        allow_blank=True,
        help_text="The number of the document in the registry of the ministry.",
    )
    publisher = text_of("Source.publisher", required=False, allow_blank=True)
    published_on = serializers.DateField(required=False, allow_null=True)
    language = text_of(
        "Source.language",
        required=False,
        allow_blank=True,
        help_text="The code of the language: en, vi, km, zh-Hant.",
    )
    url = WebAddressField(
        max_length=field_of("Source.url").max_length,
        required=False,
        allow_blank=True,
        help_text="The URL where it was published.",
    )
    note = text_of("Source.note", required=False, allow_blank=True, help_text="A note for readers.")
    text = serializers.CharField(
        max_length=LONGEST_TEXT,
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        help_text="Paragraphs, each beginning with “1. ”, “2. ” and so on. Another text is read as a paper: "
        "its paragraphs are numbered, and keep the labels that they have on it. A cited paragraph cannot "
        "change.",
    )
    based_on = ByKeyField(
        "slug",
        queryset=Source.objects.only("slug", "title"),
        many=True,
        required=False,
        help_text="The sources that it is based on, by their keys.",
    )
    paragraphs = serializers.ListField(
        child=ParagraphLabelInput(),
        required=False,
        max_length=MAX_PARAGRAPHS,
        help_text="The labels and roles of paragraphs of `text`, which is sent with them. The others keep "
        "those that are read from the text. Recorded paragraphs keep theirs.",
    )

    classification = ClassificationField(required=False)
    raises = RaisesField()

    columns = (
        "kind",
        "title",
        "number",
        "publisher",
        "published_on",
        "language",
        "url",
        "note",
        "classification",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Labels belong to a text, and one to each paragraph."""
        if "paragraphs" in attrs:
            numbers = [each["number"] for each in attrs["paragraphs"]]
            if "text" not in attrs:
                raise serializers.ValidationError({"paragraphs": [_("Send the text with its labels.")]})
            if len(set(numbers)) < len(numbers):
                raise serializers.ValidationError({"paragraphs": [_("A number occurs twice.")]})
        return attrs

    def arguments(self) -> dict[str, Any]:
        """The arguments, with the paragraphs as labels by their number."""
        values = super().arguments()
        if "paragraphs" in values:
            values["labels"] = {
                each["number"]: ParagraphLabel(each.get("label"), ParagraphRole(each["role"]))
                for each in values.pop("paragraphs")
            }
        return values


class WindowInput(StrictSerializer):
    """The window of a meeting whose exact date is unknown: the wording and the possible dates."""

    wording = text_of("Meeting.window_wording", allow_blank=True, default="")
    earliest = serializers.DateField(allow_null=True, default=None)
    latest = serializers.DateField(allow_null=True, default=None)


class ParticipantInput(StrictSerializer):
    """A participant, with the position held at the time."""

    person = ByKeyField("slug", queryset=Person.objects.select_related("country"))
    office = text_of("Participation.office")
    country = ByKeyField(
        "code",
        queryset=Country.objects.all(),
        required=False,
        help_text="The country represented. Default: the country of the person.",
    )
    role = serializers.ChoiceField(choices=ParticipantRole.choices, default=ParticipantRole.PARTICIPANT)


class MeetingInput(ReferenceInput):
    """A meeting, held or planned."""

    title = text_of("Meeting.title")
    mechanism = ByKeyField("slug", queryset=Mechanism.objects.all(), required=False, allow_null=True)
    session = serializers.IntegerField(
        min_value=1,
        max_value=LARGEST_SESSION,
        required=False,
        allow_null=True,
        help_text="The number of the session. It must be unique in the mechanism.",
    )
    form = serializers.ChoiceField(choices=MeetingForm.choices)
    level = serializers.ChoiceField(choices=MeetingLevel.choices)
    status = serializers.ChoiceField(
        choices=MeetingStatus.choices, help_text="`held` needs a date or a window."
    )
    starts_on = serializers.DateField(required=False, allow_null=True)
    ends_on = serializers.DateField(required=False, allow_null=True)
    window = WindowInput(required=False, allow_null=True)
    place = text_of("Meeting.place", required=False, allow_blank=True)
    country = ByKeyField(
        "code", queryset=Country.objects.all(), required=False, allow_null=True, help_text="The host country."
    )
    classification = ClassificationField(required=False)
    raises = RaisesField()
    sources = ByKeyField(
        "slug",
        queryset=Source.objects.only("slug", "title"),
        many=True,
        required=False,
        help_text="All the sources that report on it, by their keys. A cited source cannot be removed.",
    )
    participants = serializers.ListField(
        child=ParticipantInput(),
        required=False,
        max_length=MOST_PARTICIPANTS,
        help_text="All participants. Those who are left out are removed.",
    )

    columns = (
        "title",
        "mechanism",
        "session",
        "form",
        "level",
        "status",
        "starts_on",
        "ends_on",
        "place",
        "country",
        "classification",
    )

    def arguments(self) -> dict[str, Any]:
        """The arguments, with the window as columns and the participants as ``Participant`` objects."""
        values = super().arguments()
        if "window" in values:
            window = values.pop("window") or {"wording": "", "earliest": None, "latest": None}
            values["fields"] |= {WINDOW[part]: value for part, value in window.items()}
        if "participants" in values:
            values["participants"] = [_participant(each) for each in values["participants"]]
        return values


def _participant(participant: dict[str, Any]) -> Participant:
    return Participant(
        person=participant["person"],
        office=participant["office"],
        country=participant.get("country") or participant["person"].country,
        role=participant["role"],
    )
