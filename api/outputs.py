"""The answers of the API, described for its OpenAPI document.

These serializers only describe; the documents are built in ``commitments.documents``. Tests compare each
answer with the schema.
"""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.choices import Clearance
from commitments.choices import (
    EvidenceKind,
    EvidenceType,
    State,
    Status,
)
from commitments.documents import commitment_schema as schemas
from commitments.documents.building import empty_value
from commitments.documents.error_schema import ERROR_NOTE, LIFTING
from commitments.documents.merge_schema import MERGE, UNDOING
from commitments.documents.schema import EntrySchema, Key, ValueKind, field_of
from commitments.workflow import TransitionName

CLASSIFICATIONS = [(level.name.lower(), level.label) for level in Clearance]
UNCONDITIONAL = "A decision without `If-Match`: nothing shows which state the reviewer had read."
TRANSITIONS_AND_RECORD = [(each.value, each.value) for each in TransitionName]


def _text(**kwargs: Any) -> serializers.CharField:
    return serializers.CharField(**kwargs)


def _code(**kwargs: Any) -> serializers.RegexField:
    return serializers.RegexField(r"^[A-Z]{2}$", help_text="ISO 3166-1 alpha-2.", **kwargs)


def _reference(**kwargs: Any) -> serializers.CharField:
    return serializers.CharField(
        help_text="The codes of the parties, the year and a number, as in AABB-2026-014.", **kwargs
    )


@extend_schema_field({"oneOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}]})
class FigureField(serializers.Field[Any, Any, Any, Any]):
    """A figure: a number, or a text of digits if a floating-point number would round it."""


class Output(serializers.Serializer[Any]):
    """An object that the API answers. A member that is not required is left out if it has no value."""


class SchemaOutput(Output):
    """An object whose members are the keys of a schema of ``commitments.documents``, in their order.

    A serializer declares the members that are records, and members beyond the schema. In ``Meta``:

    * ``schema``: the schema.
    * ``all_keys``: every key is sent, with ``null`` or "" if it has no value. Otherwise it is left out.
    * ``sent`` and ``not_sent``: keys that are always sent, or not always, other than the schema says.
    * ``help_texts``: descriptions by key.
    """

    class Meta:
        schema: EntrySchema
        all_keys = False
        sent: tuple[str, ...] = ()
        not_sent: tuple[str, ...] = ()
        help_texts: Mapping[str, str] = {}

    def get_fields(self) -> dict[str, Any]:
        """The fields of the schema, with the declared ones in their places, then the other declared ones."""
        declared = super().get_fields()
        return {
            key.name: declared.pop(key.name, None) or self._field(key) for key in self.Meta.schema
        } | declared

    def _field(self, key: Key) -> Any:
        meta = self.Meta
        is_sent = (key.required or key.always or key.name in meta.sent) and key.name not in meta.not_sent
        options: dict[str, Any] = {} if is_sent or meta.all_keys else {"required": False}
        if meta.all_keys and not key.required:
            empty = empty_value(key)
            options |= {"allow_null": True} if empty is None else {"allow_blank": True} if empty == "" else {}
        if key.name in meta.help_texts:
            options["help_text"] = meta.help_texts[key.name]
        return field_for(key, **options)


def field_for(key: Key, **options: Any) -> Any:
    """The serializer field that describes the values of ``key``."""
    if key.kind is ValueKind.LIST and isinstance(key.of, Key):
        return serializers.ListField(child=field_for(key.of), **options)
    if key.kind is ValueKind.CODE or key.links == "countries":
        return _code(**options)
    if key.kind is ValueKind.REFERENCE or key.links == "commitments":
        return _reference(**options)
    if key.kind is ValueKind.CHOICE:
        return serializers.ChoiceField(choices=_choices(key), **options)
    return _FIELDS.get(key.kind, serializers.CharField)(**options)


def _choices(key: Key) -> Any:
    if key.column == "StatusChange.transition":
        return TRANSITIONS_AND_RECORD
    return CLASSIFICATIONS if key.words else field_of(key.column).choices


_FIELDS: dict[ValueKind, type[serializers.Field[Any, Any, Any, Any]]] = {
    ValueKind.DAY: serializers.DateField,
    ValueKind.INSTANT: serializers.DateTimeField,
    ValueKind.WHOLE: serializers.IntegerField,
    ValueKind.NUMBER: FigureField,
    ValueKind.TRUE: serializers.BooleanField,
}
"""The serializer field of each kind of value. The other kinds are texts."""


class DeadlineOutput(SchemaOutput):
    """A deadline window: the wording as agreed, and the earliest and latest date that it can mean."""

    class Meta(SchemaOutput.Meta):
        schema = schemas.OLD_WINDOW


class LiftingOutput(SchemaOutput):
    """The note that it was no error after all."""

    class Meta(SchemaOutput.Meta):
        schema = LIFTING
        sent = ("recorded_at",)


class ErrorNoteOutput(SchemaOutput):
    """A note that something was entered in error. It counts nowhere, unless the last note is lifted."""

    lifted = LiftingOutput(required=False)

    class Meta(SchemaOutput.Meta):
        schema = ERROR_NOTE
        sent = ("recorded_at",)


class UnmergingOutput(SchemaOutput):
    """The end of a merge: the two are not the same after all."""

    class Meta(SchemaOutput.Meta):
        schema = UNDOING
        sent = ("recorded_at",)


class MergeOutput(SchemaOutput):
    """A merge into another commitment, which was kept."""

    undone = UnmergingOutput(required=False)

    class Meta(SchemaOutput.Meta):
        schema = MERGE
        sent = ("recorded_at",)


class ReadingOutput(SchemaOutput):
    """A figure reported for a target, in the target's unit."""

    entered_in_error = ErrorNoteOutput(many=True, required=False)

    class Meta(SchemaOutput.Meta):
        schema = schemas.READING
        not_sent = ("as_of",)
        help_texts: Mapping[str, str] = {
            "as_of": "The last day that the figure covers.",
            "period": "The period that the figure covers, in ISO 8601: 2025-01/2025-11.",
        }


class TargetOutput(SchemaOutput):
    """The figure to reach, and the figures reported for it."""

    readings = ReadingOutput(many=True, required=False)

    class Meta(SchemaOutput.Meta):
        schema = schemas.TARGET


class AssignmentOutput(SchemaOutput):
    """An agency that is assigned, with its focal point."""

    focal_point_closed = serializers.BooleanField(
        required=False, help_text="True if the account of the focal point is closed; left out otherwise."
    )

    class Meta(SchemaOutput.Meta):
        schema = schemas.ASSIGNMENT
        help_texts: Mapping[str, str] = {"focal_point": "The username."}


class DayCorrectionOutput(SchemaOutput):
    """The right day of a status change whose recorded day was wrong. The last one counts."""

    class Meta(SchemaOutput.Meta):
        schema = schemas.DAY_CORRECTION
        sent = ("recorded_at",)


class RecordedChangeOutput(SchemaOutput):
    """One status change, as the register file writes it."""

    corrected = DayCorrectionOutput(many=True, required=False)

    class Meta(SchemaOutput.Meta):
        schema = schemas.STATUS_CHANGE
        sent = ("recorded_at",)
        help_texts: Mapping[str, str] = {
            "on": "The date on which it happened, as first recorded.",
            "unconditional": UNCONDITIONAL,
            "recorded_at": "When it was recorded here.",
        }


class MentionOutput(SchemaOutput):
    """One mention: a paragraph of a source that reports on a meeting."""

    entered_in_error = ErrorNoteOutput(many=True, required=False)

    class Meta(SchemaOutput.Meta):
        schema = schemas.MENTION


class ProgressOutput(SchemaOutput):
    """A progress report. It does not change the status."""

    entered_in_error = ErrorNoteOutput(many=True, required=False)

    class Meta(SchemaOutput.Meta):
        schema = schemas.PROGRESS
        sent = ("recorded_at",)


class WithdrawalOutput(SchemaOutput):
    """The withdrawal of a piece of evidence."""

    class Meta(SchemaOutput.Meta):
        schema = schemas.WITHDRAWAL
        sent = ("recorded_at",)


class EvidenceOutput(SchemaOutput):
    """A link or a file that shows what was done."""

    withdrawn = WithdrawalOutput(required=False)

    class Meta(SchemaOutput.Meta):
        schema = schemas.EVIDENCE
        sent = ("recorded_at",)
        help_texts: Mapping[str, str] = {
            "status_change": "The number of the status change that it came with."
        }


class DeadlineChangeOutput(SchemaOutput):
    """A renegotiated deadline: the old one, the new one and the reason."""

    old = DeadlineOutput(required=False)
    new = DeadlineOutput(required=False)

    class Meta(SchemaOutput.Meta):
        schema = schemas.DEADLINE_CHANGE
        sent = ("recorded_at",)


class DeadlineDecisionOutput(SchemaOutput):
    """What became of a proposed deadline, who decided and why."""

    class Meta(SchemaOutput.Meta):
        schema = schemas.DEADLINE_DECISION
        sent = ("recorded_at",)


class DeadlineProposalOutput(SchemaOutput):
    """A proposed deadline: the one that stood then, the new one, the reason, and the decision."""

    old = DeadlineOutput(required=False)
    new = DeadlineOutput(required=False)
    decision = DeadlineDecisionOutput(required=False)

    class Meta(SchemaOutput.Meta):
        schema = schemas.DEADLINE_PROPOSAL
        sent = ("recorded_at",)


@extend_schema_serializer(component_name="CountryTold")
class CountryRef(Output):
    """A country that a commitment names."""

    code = _code()
    name = _text()


@extend_schema_serializer(component_name="AgencyTold")
class AgencyRef(Output):
    """An agency that a commitment names."""

    key = _text()
    name = _text()
    acronym = _text(allow_blank=True)
    country = _code()


@extend_schema_serializer(component_name="MeetingTold")
class MeetingRef(Output):
    """A meeting that a commitment names."""

    key = _text()
    title = _text()
    day = serializers.DateField(allow_null=True)


@extend_schema_serializer(component_name="SourceTold")
class SourceRef(Output):
    """A source that a commitment names."""

    key = _text()
    title = _text()
    url = _text(allow_blank=True)


class ExpandedOutput(Output):
    """The records that the commitment names by key, of the kinds in `expand`."""

    countries = CountryRef(many=True, required=False)
    agencies = AgencyRef(many=True, required=False)
    meetings = MeetingRef(many=True, required=False)
    sources = SourceRef(many=True, required=False)


class CommitmentOutput(SchemaOutput):
    """A commitment: the register file's keys, and the members that depend on the date and the caller.

    With `fields`, only the members that it names.
    """

    agencies = AssignmentOutput(many=True)
    deadline = DeadlineOutput(allow_null=True)
    target = TargetOutput(allow_null=True)
    readings = ReadingOutput(many=True, help_text="The figures of a commitment without a target.")
    status_history = RecordedChangeOutput(many=True)
    mentions = MentionOutput(many=True)
    progress = ProgressOutput(many=True)
    evidence = EvidenceOutput(many=True)
    deadline_changes = DeadlineChangeOutput(many=True)
    deadline_proposals = DeadlineProposalOutput(many=True)
    entered_in_error = ErrorNoteOutput(many=True)
    merges = MergeOutput(many=True)
    state = serializers.ChoiceField(choices=State.choices)
    overdue = serializers.BooleanField()
    overdue_days = serializers.IntegerField()
    review_due = serializers.BooleanField()
    last_activity_on = serializers.DateField()
    available_transitions = serializers.ListField(
        child=_text(), help_text="The transitions that the caller can make now."
    )
    url = _text(help_text="Its page on this site.")
    expanded = ExpandedOutput()

    class Meta(SchemaOutput.Meta):
        schema = schemas.COMMITMENT
        all_keys = True

    def get_fields(self) -> dict[str, Any]:
        """The fields. None is required, since the caller can choose them."""
        fields = super().get_fields()
        for field in fields.values():
            field.required = False
        return fields


class PageOutput(Output):
    """One page of a list."""

    count = serializers.IntegerField(help_text="The number on all pages.")
    next = _text(allow_null=True, help_text="The URL of the next page.")
    previous = _text(allow_null=True, help_text="The URL of the previous page.")


class CommitmentPageOutput(PageOutput):
    """One page of commitments. With a cursor, `count` is null."""

    count = serializers.IntegerField(allow_null=True)
    results = CommitmentOutput(many=True)


class EvidenceOfChangeOutput(Output):
    """Evidence that came with a status change."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=EvidenceKind.choices)
    type = serializers.ChoiceField(choices=EvidenceType.choices)
    title = _text()
    url = _text(allow_null=True)
    withdrawn = WithdrawalOutput(allow_null=True)


class StatusChangeOutput(Output):
    """One status change."""

    number = serializers.IntegerField(
        help_text="The position among the status changes of the commitment, from 1."
    )
    transition = serializers.ChoiceField(choices=TRANSITIONS_AND_RECORD)
    to = serializers.ChoiceField(choices=Status.choices)
    occurred_on = serializers.DateField(help_text="The date on which it happened, as first recorded.")
    corrected = DayCorrectionOutput(many=True)
    recorded_at = serializers.DateTimeField(help_text="When it was recorded here.")
    actor = _text(allow_null=True)
    note = _text(allow_blank=True)
    outcome = serializers.ChoiceField(choices=Status.choices, allow_null=True)
    delivered_on = serializers.DateField(allow_null=True)
    unconditional = serializers.BooleanField(help_text=UNCONDITIONAL)
    successor = _reference(allow_null=True)
    source = _text(allow_null=True)  # type: ignore[assignment]
    paragraph = serializers.IntegerField(allow_null=True)
    evidence = EvidenceOfChangeOutput(many=True)

    def get_fields(self) -> dict[str, Any]:
        """The fields with `from`, which cannot be a name in Python."""
        return {
            **super().get_fields(),
            "from": serializers.ChoiceField(choices=Status.choices, allow_null=True),
        }


class HistoryOutput(PageOutput):
    """The status changes, oldest first, with the status and the transitions that the caller can make now."""

    results = StatusChangeOutput(many=True)
    status = serializers.ChoiceField(choices=Status.choices)
    available_transitions = serializers.ListField(child=_text())


@extend_schema_serializer(component_name="MovedOutput")
class TransitionMadeOutput(StatusChangeOutput):
    """The status change that was made, and the current status of the commitment."""

    reference = _reference()
    status = serializers.ChoiceField(choices=Status.choices)
    available_transitions = serializers.ListField(child=_text())
