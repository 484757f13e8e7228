"""Meetings, sources, bodies and themes as programs write them: the register file's keys, as arguments."""

from typing import Any, ClassVar

from django.core.validators import validate_slug
from rest_framework import serializers

from core.api.serializers import ByKey, StrictSerializer
from relations.choices import (
    AgencyKind,
    MeetingForm,
    MeetingLevel,
    MeetingStatus,
    ParticipantRole,
    SourceKind,
)
from relations.forms import LONGEST_TEXT
from relations.models import Country, Mechanism, Person, Source
from relations.services.meetings import Participant

LONGEST_NOTE = 100_000
LARGEST_SESSION = 2_147_483_647
MOST_NAMES, MOST_PARTICIPANTS = 100, 500
WINDOW = {"wording": "window_wording", "earliest": "window_earliest", "latest": "window_latest"}
"""What the body calls a part of the window, and the writer its column."""


class ReferenceInput(StrictSerializer):
    """A record with its key. With ``changing`` in the context only what is given is meant."""

    key = serializers.CharField(
        max_length=80,
        validators=[validate_slug],
        required=False,
        help_text="Letters, digits, `-` and `_`; made from the name unless given. It never changes.",
    )

    columns: ClassVar[tuple[str, ...]] = ()

    def get_fields(self) -> dict[str, Any]:
        """The fields, none of them needed in a change."""
        fields: dict[str, Any] = super().get_fields()
        if self.context.get("changing"):
            for field in fields.values():
                field.required = False
        return fields

    def arguments(self) -> dict[str, Any]:
        """The keyword arguments of the writers, from valid input."""
        given = dict(self.validated_data)
        columns = {name: given.pop(name) for name in self.columns if name in given}
        return {"fields": columns, **given}


class AliasesField(serializers.ListField):
    """Other names, each once."""

    child = serializers.CharField(max_length=200)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MOST_NAMES, help_text="Other names under which it is found.", **kwargs)

    def to_internal_value(self, data: Any) -> list[str]:
        """The names in their order."""
        return list(dict.fromkeys(super().to_internal_value(data)))


class CountryInput(ReferenceInput):
    """A state that can be a party."""

    key = None  # type: ignore[assignment]
    code = serializers.RegexField(
        r"^[A-Z]{2}\Z", help_text="ISO 3166-1 alpha-2, in capitals. It never changes."
    )
    name = serializers.CharField(max_length=120, help_text="No two have the same.")
    aliases = AliasesField(required=False)

    columns = ("name", "aliases")

    def arguments(self) -> dict[str, Any]:
        """Its key is the code."""
        given = super().arguments()
        return given | {"key": given.pop("code")} if "code" in given else given


class AgencyInput(ReferenceInput):
    """A body that can be charged with a commitment."""

    name = serializers.CharField(max_length=250)
    acronym = serializers.CharField(max_length=30, required=False, allow_blank=True)
    country = ByKey("code", queryset=Country.objects.all())
    kind = serializers.ChoiceField(choices=AgencyKind.choices)

    columns = ("name", "acronym", "country", "kind")


class PersonInput(ReferenceInput):
    """An official; the office belongs to the meeting."""

    name = serializers.CharField(max_length=200)
    aliases = AliasesField(required=False)
    country = ByKey("code", queryset=Country.objects.all())

    columns = ("name", "aliases", "country")


class MechanismInput(ReferenceInput):
    """A standing body whose sessions are meetings."""

    name = serializers.CharField(max_length=250)
    acronym = serializers.CharField(max_length=30, required=False, allow_blank=True)
    countries = ByKey("code", queryset=Country.objects.all(), many=True, allow_empty=False)
    note = serializers.CharField(max_length=LONGEST_NOTE, required=False, allow_blank=True)

    columns = ("name", "acronym", "note")


class ThemeInput(ReferenceInput):
    """A field of policy under which commitments are filed."""

    name = serializers.CharField(max_length=200, help_text="No two have the same.")

    columns = ("name",)


class SourceInput(ReferenceInput):
    """A document on which mentions rest."""

    kind = serializers.ChoiceField(choices=SourceKind.choices)
    title = serializers.CharField(max_length=500)
    publisher = serializers.CharField(max_length=200, required=False, allow_blank=True)
    published_on = serializers.DateField(required=False, allow_null=True)
    language = serializers.CharField(
        max_length=12, required=False, allow_blank=True, help_text="BCP 47 code, for example en, vi, km."
    )
    url = serializers.URLField(
        max_length=1000, required=False, allow_blank=True, help_text="Where it can be read."
    )
    note = serializers.CharField(
        max_length=LONGEST_NOTE, required=False, allow_blank=True, help_text="What a reader must know of it."
    )
    text = serializers.CharField(
        max_length=LONGEST_TEXT,
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        help_text="Paragraphs, each beginning “1. ”, “2. ” and so on; numbered on recording where they have "
        "no numbers, a blank line between them. A paragraph that is cited stays as it is.",
    )
    based_on = ByKey(
        "slug",
        queryset=Source.objects.only("slug", "title"),
        many=True,
        required=False,
        help_text="The press reports or papers from which it was written, by their keys.",
    )

    columns = ("kind", "title", "publisher", "published_on", "language", "url", "note")


class WindowInput(StrictSerializer):
    """Where no day is known: the words used, and the days that it can be."""

    wording = serializers.CharField(max_length=200, allow_blank=True, default="")
    earliest = serializers.DateField(allow_null=True, default=None)
    latest = serializers.DateField(allow_null=True, default=None)


class ParticipantInput(StrictSerializer):
    """Somebody who took part, in the office held on that day."""

    person = ByKey("slug", queryset=Person.objects.select_related("country"))
    office = serializers.CharField(max_length=250)
    country = ByKey(
        "code",
        queryset=Country.objects.all(),
        required=False,
        help_text="For which country; the person's own unless given.",
    )
    role = serializers.ChoiceField(choices=ParticipantRole.choices, default=ParticipantRole.PARTICIPANT)


class MeetingInput(ReferenceInput):
    """An occasion, held or to come."""

    title = serializers.CharField(max_length=300)
    mechanism = ByKey("slug", queryset=Mechanism.objects.all(), required=False, allow_null=True)
    session = serializers.IntegerField(
        min_value=1,
        max_value=LARGEST_SESSION,
        required=False,
        allow_null=True,
        help_text="The number of the session; once in a mechanism.",
    )
    form = serializers.ChoiceField(choices=MeetingForm.choices)
    level = serializers.ChoiceField(choices=MeetingLevel.choices)
    status = serializers.ChoiceField(
        choices=MeetingStatus.choices, help_text="`held` needs a day, or a window of days."
    )
    starts_on = serializers.DateField(required=False, allow_null=True)
    ends_on = serializers.DateField(required=False, allow_null=True)
    window = WindowInput(required=False, allow_null=True)
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    country = ByKey(
        "code", queryset=Country.objects.all(), required=False, allow_null=True, help_text="The host."
    )
    sources = ByKey(
        "slug",
        queryset=Source.objects.only("slug", "title"),
        many=True,
        required=False,
        help_text="All the documents that report on it, by their keys; one that is cited there stays.",
    )
    participants = serializers.ListField(
        child=ParticipantInput(),
        required=False,
        max_length=MOST_PARTICIPANTS,
        help_text="All who took part: whoever is left out is taken off.",
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
    )

    def arguments(self) -> dict[str, Any]:
        """With the window as its columns, and the participants as ``Participant``."""
        given = super().arguments()
        if "window" in given:
            window = given.pop("window") or {"wording": "", "earliest": None, "latest": None}
            given["fields"] |= {WINDOW[part]: value for part, value in window.items()}
        if "participants" in given:
            given["participants"] = [_participant(each) for each in given["participants"]]
        return given


def _participant(given: dict[str, Any]) -> Participant:
    return Participant(
        person=given["person"],
        office=given["office"],
        country=given.get("country") or given["person"].country,
        role=given["role"],
    )
