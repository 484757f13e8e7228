"""A candidate of the reader of texts as JSON, and what a program sends to decide on one."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from api.inputs import COLUMN_MEMBERS, RegistrationInput, VisibleCommitment, text_of
from api.outputs import Output, PageOutput
from commitments.choices import MentionKind, Modality, Nature, PassageClass
from commitments.models import Commitment
from commitments.reports.candidates import CandidateRow, CandidateState
from commitments.services.deadlines import COLUMNS
from commitments.services.errors import RequirementsNotMet
from core.api.serializers import ByKeyField, StrictSerializer
from relations.models import Meeting

Document = dict[str, Any]
_OF_THE_MENTION = ("kind", "modality", "summary")
_ARGUMENTS = ("parties", "obligated", "beneficiaries", "status", "note", "despite", "agencies")
_NOT_HERE = ("mention", "occurred_on", "target", "related")
"""Members of a registration that a passage gives, or that are added once the commitment exists."""


class AcceptInput(RegistrationInput):
    """What is other than the reader proposes. Members that are left out are taken as proposed."""

    meeting = ByKeyField(
        "slug",
        queryset=Meeting.objects.all(),
        required=False,
        help_text="Where it was said. Default: the meeting that the source reports on, if it is only one.",
    )
    commitment = VisibleCommitment(
        required=False,
        allow_null=True,
        help_text="The commitment that the passage mentions; null: a new one. Default: `restates`.",
    )
    kind = serializers.ChoiceField(choices=MentionKind.choices, required=False)
    modality = serializers.ChoiceField(choices=Modality.choices, required=False, allow_blank=True)
    summary = text_of("Mention.summary", required=False, allow_blank=True)

    def get_fields(self) -> dict[str, Any]:
        """The fields, none of which is required."""
        found = {name: field for name, field in super().get_fields().items() if name not in _NOT_HERE}
        for field in found.values():
            field.required = False
        return found

    def said(self) -> dict[str, Any]:
        """What the body says of the mention."""
        return {name: self.validated_data[name] for name in _OF_THE_MENTION if name in self.validated_data}

    def given(self) -> dict[str, Any]:
        """What the body says of a new commitment, as arguments of ``accept_as_commitment``."""
        values = self.validated_data
        columns = {name: values[name] for name in COLUMN_MEMBERS if name in values}
        if "deadline" in values:
            window = values["deadline"] or {}
            columns |= {column: window[part] for part, column in COLUMNS.items() if part in window}
        return {"fields": columns, **{name: values[name] for name in _ARGUMENTS if name in values}}

    def commitment_of(self, restated: Commitment | None) -> Commitment | None:
        """The commitment that the passage mentions; None: a new one.

        Raises ``RequirementsNotMet`` if the body says of it what only a new commitment has.
        """
        values = self.validated_data
        chosen: Commitment | None = values.get("commitment", restated)
        if chosen is not None and (extra := values.keys() - {"meeting", "commitment", *_OF_THE_MENTION}):
            message = _("The passage is taken as a mention of %(reference)s. Only a new commitment has this.")
            text = message % {"reference": chosen.reference}
            raise RequirementsNotMet({name: [text] for name in sorted(extra)})
        return chosen


class RefuseInput(StrictSerializer):
    """A refusal, or with `lift` the end of one."""

    lift = serializers.BooleanField(default=False, help_text="Propose the passage again.")


class SplitInput(StrictSerializer):
    """Where a passage is split."""

    at = serializers.IntegerField(
        min_value=0, help_text="The code point of the paragraph at which the second part begins."
    )


class JoinInput(StrictSerializer):
    """The passage that another one is joined with."""

    other = serializers.IntegerField(
        min_value=1, help_text="The `id` of another candidate of the same paragraph."
    )


class CandidateDeadlineOutput(Output):
    """A deadline as worded in the passage, and the days that it can mean."""

    wording = serializers.CharField()
    earliest = serializers.DateField(allow_null=True)
    latest = serializers.DateField(allow_null=True)


class AcceptedOutput(Output):
    """The mention that the passage became."""

    reference = serializers.CharField(help_text="The commitment.")
    mention = serializers.IntegerField(help_text="The id of the mention.")
    meeting = serializers.CharField(help_text="The key of the meeting.")
    kind = serializers.ChoiceField(choices=MentionKind.choices)


class MatchOutput(Output):
    """A known commitment that the passage resembles."""

    reference = serializers.CharField()
    title = serializers.CharField()
    score = serializers.FloatField(help_text="From 0; higher is closer.")
    shared = serializers.ListField(child=serializers.CharField(), help_text="The words that both have.")


class ReasonOutput(Output):
    """Why the reader of texts proposes it, or a value of it."""

    slot = serializers.CharField(help_text="`cue`, `deadline`, `figure` and others.")
    words = serializers.CharField(help_text="The words of the text that say so.")


class CandidateOutput(Output):
    """A passage that the reader of texts proposes. It is nothing until a person accepts it."""

    id = serializers.IntegerField()
    source = serializers.CharField(help_text="The key of the source.")  # type: ignore[assignment]
    paragraph = serializers.IntegerField(help_text="The number of the paragraph.")
    start = serializers.IntegerField(help_text="Where it starts in the paragraph, in Unicode code points.")
    end = serializers.IntegerField(help_text="Where it ends.")
    quote = serializers.CharField(help_text="The passage, as it stands there.")
    passage_class = serializers.ChoiceField(choices=PassageClass.choices)
    cue = serializers.CharField(allow_blank=True, help_text="The words that made it a candidate.")
    kind = serializers.ChoiceField(choices=MentionKind.choices)
    modality = serializers.ChoiceField(choices=Modality.choices, allow_blank=True)
    obligated = serializers.ListField(child=serializers.CharField(), help_text="ISO 3166-1 alpha-2.")
    deadline = CandidateDeadlineOutput(allow_null=True)
    nature = serializers.ChoiceField(choices=Nature.choices, allow_blank=True)
    theme = serializers.CharField(allow_null=True, help_text="The key of the theme.")
    figure = serializers.CharField(allow_blank=True)
    language = serializers.CharField(allow_blank=True, help_text="The code of the language that was read.")
    reasons = ReasonOutput(many=True)
    recut = serializers.BooleanField(help_text="Whether a person split it, or joined it with another one.")
    state = serializers.ChoiceField(choices=CandidateState.choices)
    decided_by = serializers.CharField(allow_null=True, help_text="The username.")
    decided_at = serializers.DateTimeField(allow_null=True)
    accepted = AcceptedOutput(many=True)
    restates = serializers.CharField(
        allow_null=True, help_text="The commitment that it is taken to restate; null: it is taken as new."
    )
    matches = MatchOutput(many=True)

    def get_fields(self) -> dict[str, Any]:
        """The fields; ``class`` is no name in Python."""
        return {
            "class" if name == "passage_class" else name: field
            for name, field in super().get_fields().items()
        }


class CandidatePartsOutput(Output):
    """The two candidates that one was split into."""

    parts = CandidateOutput(many=True)


class CandidatePageOutput(PageOutput):
    """One page of candidates."""

    results = CandidateOutput(many=True)


def candidate_document(row: CandidateRow, source: str) -> Document:
    """``row`` of the source with that key, as JSON."""
    candidate = row.candidate
    deadline = {
        "wording": candidate.deadline_wording,
        "earliest": candidate.deadline_earliest,
        "latest": candidate.deadline_latest,
    }
    return {
        "id": candidate.pk,
        "source": source,
        "paragraph": candidate.number,
        "start": candidate.start,
        "end": candidate.end,
        "quote": candidate.quote,
        "class": candidate.passage_class,
        "cue": candidate.cue,
        "kind": candidate.kind,
        "modality": candidate.modality,
        "obligated": candidate.obligated,
        "deadline": deadline if candidate.deadline_wording else None,
        "nature": candidate.nature,
        "theme": candidate.theme.slug if candidate.theme else None,
        "figure": candidate.figure,
        "language": candidate.language,
        "reasons": candidate.reasons,
        "recut": candidate.is_recut,
        "state": row.state.value,
        "decided_by": row.decided_by.get_username() if row.decided_by else None,
        "decided_at": row.decided_at,
        "accepted": [
            {
                "reference": each.commitment.reference,
                "mention": each.pk,
                "meeting": each.meeting.slug,
                "kind": each.kind,
            }
            for each in row.accepted
        ],
        "restates": row.restated.reference if row.restated else None,
        "matches": [
            {
                "reference": each.commitment.reference,
                "title": each.commitment.title,
                "score": each.score,
                "shared": list(each.shared),
            }
            for each in row.matches
        ],
    }
