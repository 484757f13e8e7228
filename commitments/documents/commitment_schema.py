"""The schema of a commitment with its histories: the keys of the register file, the API and the exports."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.choices import PartyRole
from commitments.documents.error_schema import ENTERED_IN_ERROR
from commitments.documents.keys import (
    based_on_paragraph,
    classification,
    countries,
    day,
    entered,
    on,
    text,
    window,
    word,
)
from commitments.documents.merge_schema import MERGED, merged_from
from commitments.documents.schema import EntrySchema, Key, ValueKind


def _occurred_on(record: Any) -> Any:
    return record.occurred_on


def _recorded_on(record: Any) -> Any:
    return timezone.localdate(record.recorded_at)


def _countries(role: PartyRole) -> Callable[[Any], list[str]]:
    return lambda record: sorted(each.country.code for each in record.parties.all() if each.role == role)


def _related(record: Any) -> list[str]:
    in_order = sorted(record.related.all(), key=lambda each: (each.prefix, each.year, each.serial))
    return [each.reference for each in in_order]


def _readings_without_target(record: Any) -> Any:
    return () if hasattr(record, "target") else record.readings


ASSIGNMENT = EntrySchema(
    "assigned agency",
    (
        Key(
            "agency",
            ValueKind.LINK,
            _("The agency."),
            required=True,
            column="Assignment.agency",
            links="agencies",
        ),
        word("role", "Assignment.role", _("Its role."), required=True),
        Key(
            "focal_point",
            ValueKind.ACCOUNT,
            _("The focal point: an account."),
            column="Assignment.focal_point",
        ),
        merged_from("Assignment"),
    ),
)

READING = EntrySchema(
    "reading",
    (
        day("as_of", "Reading.as_of", _("The date that the figure refers to."), required=True),
        Key("value", ValueKind.NUMBER, _("The figure."), required=True, column="Reading.value"),
        text("period", "Reading.period", _("The period, as in ISO 8601.")),
        *based_on_paragraph("Reading.paragraph"),
        text("note", "Reading.note", _("How the figure was calculated.")),
        ENTERED_IN_ERROR,
        merged_from("Reading"),
    ),
    day_of=lambda reading: reading.as_of,
)


def _readings(read: Callable[[Any], Any]) -> Key:
    meaning = _("The figures reported so far.")
    return Key("readings", ValueKind.LIST, meaning, column="Reading.commitment", of=READING, read=read)


TARGET = EntrySchema(
    "target",
    (
        text("indicator", "Target.indicator", _("What is measured."), required=True),
        text("unit", "Target.unit", _("The unit."), required=True),
        Key("baseline", ValueKind.NUMBER, _("The figure at the start."), column="Target.baseline"),
        Key("value", ValueKind.NUMBER, _("The figure to reach."), required=True, column="Target.value"),
        merged_from("Target"),
        _readings(lambda target: target.commitment.readings),
    ),
)

DAY_CORRECTION = EntrySchema(
    "correction of a day",
    (
        on("DayCorrection.occurred_on"),
        text("reason", "DayCorrection.reason", _("How the right day is known."), required=True),
        *entered("DayCorrection"),
    ),
)

STATUS_CHANGE = EntrySchema(
    "status change",
    (
        word("status", "StatusChange.to_status", _("The status after the change."), required=True),
        on("StatusChange.occurred_on"),
        text("note", "StatusChange.note", _("What was reported.")),
        *based_on_paragraph("StatusChange.paragraph"),
        Key(
            "version",
            ValueKind.WHOLE,
            _("The version of the paragraph on which it was based, if it was corrected since."),
            column="StatusChange.paragraph_version",
            read=lambda change: (
                change.paragraph_version
                if change.paragraph and change.paragraph_version < change.paragraph.version
                else None
            ),
        ),
        Key(
            "transition",
            ValueKind.CHOICE,
            _("The transition. If it is left out: record."),
            column="StatusChange.transition",
            default="record",
        ),
        word("outcome", "StatusChange.outcome", _("The outcome that was proposed or decided.")),
        day("delivered_on", "StatusChange.delivered_on", _("The date of delivery, as submitted.")),
        Key(
            "successor",
            ValueKind.LINK,
            _("The commitment that replaces it, if the status or the proposed outcome is superseded."),
            column="StatusChange.successor",
            links="commitments",
        ),
        Key(
            "unconditional",
            ValueKind.TRUE,
            _("A program decided without naming the version that was read."),
            column="StatusChange.unconditional",
        ),
        *entered("StatusChange"),
        Key(
            "corrected",
            ValueKind.LIST,
            _("The right days, where “on” was wrong; the last one counts."),
            column="DayCorrection.status_change",
            of=DAY_CORRECTION,
        ),
    ),
    day_of=lambda change: change.happened_on,
)

MENTION = EntrySchema(
    "mention",
    (
        Key(
            "meeting",
            ValueKind.LINK,
            _("The meeting."),
            required=True,
            column="Mention.meeting",
            links="meetings",
        ),
        *based_on_paragraph("Mention.paragraph", required=True),
        word("kind", "Mention.kind", _("The kind of mention."), required=True),
        word("modality", "Mention.modality", _("How binding the wording is.")),
        text("summary", "Mention.summary", _("What this mention adds or leaves out.")),
        text(
            "reader_quote",
            "Mention.reader_quote",
            _("The passage that the reader of texts proposed and a person accepted."),
        ),
        ENTERED_IN_ERROR,
        merged_from("Mention"),
    ),
    day_of=lambda mention: mention.meeting.day,
)

PROGRESS = EntrySchema(
    "progress update",
    (
        on("ProgressUpdate.occurred_on"),
        text("achieved", "ProgressUpdate.achieved", _("What was achieved.")),
        text("challenges", "ProgressUpdate.challenges", _("The challenges.")),
        text("recommendations", "ProgressUpdate.recommendations", _("The recommendations.")),
        day("review_on", "ProgressUpdate.review_on", _("The date of the next review.")),
        merged_from("ProgressUpdate"),
        *entered("ProgressUpdate"),
        ENTERED_IN_ERROR,
    ),
    day_of=_occurred_on,
)

WITHDRAWAL = EntrySchema(
    "withdrawal",
    (
        text("reason", "EvidenceWithdrawal.reason", _("The reason of the withdrawal."), required=True),
        *entered("EvidenceWithdrawal"),
    ),
    day_of=_recorded_on,
)

EVIDENCE = EntrySchema(
    "piece of evidence",
    (
        word("kind", "Evidence.kind", _("How it is stored."), required=True),
        Key(
            "type",
            ValueKind.CHOICE,
            _("The type of document. If it is left out: other."),
            column="Evidence.type",
            default="other",
            always=True,
        ),
        text("title", "Evidence.title", _("Its title."), required=True),
        Key("url", ValueKind.ADDRESS, _("The address of a link."), column="Evidence.url"),
        Key("file", ValueKind.FILE, _("A file in the media folder."), column="Evidence.file"),
        text("file_name", "Evidence.file_name", _("The name of the uploaded file.")),
        Key("sha256", ValueKind.DIGEST, _("The SHA-256 digest of the file."), column="Evidence.sha256"),
        day("dated_on", "Evidence.dated_on", _("The date of the document.")),
        Key(
            "status_change",
            ValueKind.WHOLE,
            _("The number of the status change that it was attached to, from 1."),
            column="Evidence.status_change",
        ),
        merged_from("Evidence"),
        *entered("Evidence"),
        Key(
            "withdrawn",
            ValueKind.RECORD,
            _("The withdrawal, if it no longer counts."),
            column="EvidenceWithdrawal.evidence",
            of=WITHDRAWAL,
        ),
    ),
    day_of=_recorded_on,
)

OLD_WINDOW = window("old", "DeadlineChange", "old_", "old_review_on")

DEADLINE_CHANGE = EntrySchema(
    "deadline change",
    (
        on("DeadlineChange.occurred_on"),
        Key(
            "old",
            ValueKind.RECORD,
            _("The deadline before."),
            of=OLD_WINDOW,
        ),
        Key(
            "new",
            ValueKind.RECORD,
            _("The deadline after."),
            of=window("new", "DeadlineChange", "new_", "new_review_on"),
        ),
        text("reason", "DeadlineChange.reason", _("The reason of the change."), required=True),
        *entered("DeadlineChange"),
    ),
    day_of=_occurred_on,
)

DEADLINE_DECISION = EntrySchema(
    "decision on a deadline",
    (
        word("state", "DeadlineDecision.state", _("What became of the proposal."), required=True),
        text("note", "DeadlineDecision.note", _("The reason of the decision.")),
        Key(
            "change",
            ValueKind.WHOLE,
            _("The number of the deadline change that it became, from 1, if it was accepted."),
            column="DeadlineDecision.change",
        ),
        *entered("DeadlineDecision"),
    ),
    day_of=_recorded_on,
)

DEADLINE_PROPOSAL = EntrySchema(
    "proposed deadline",
    (
        on("DeadlineProposal.occurred_on"),
        Key(
            "old",
            ValueKind.RECORD,
            _("The deadline when it was proposed."),
            of=window("old", "DeadlineProposal", "old_", "old_review_on"),
        ),
        Key(
            "new",
            ValueKind.RECORD,
            _("The deadline that is proposed."),
            of=window("new", "DeadlineProposal", "new_", "new_review_on"),
        ),
        text("reason", "DeadlineProposal.reason", _("Why the deadline should change."), required=True),
        *entered("DeadlineProposal"),
        Key(
            "decision",
            ValueKind.RECORD,
            _("The decision. Without one it awaits a reviewer."),
            column="DeadlineDecision.proposal",
            of=DEADLINE_DECISION,
        ),
    ),
    day_of=_recorded_on,
)

COMMITMENT = EntrySchema(
    "commitment",
    (
        Key(
            "reference",
            ValueKind.REFERENCE,
            _("Codes of the parties in alphabetical order, year of the first status change, serial."),
            required=True,
            column="Commitment.reference",
        ),
        text("title", "Commitment.title", _("Its title."), required=True),
        text("text", "Commitment.text", _("What is to be done, as one undertaking."), required=True),
        word("nature", "Commitment.nature", _("The kind of undertaking."), required=True),
        Key(
            "theme",
            ValueKind.LINK,
            _("Its theme."),
            required=True,
            column="Commitment.theme",
            links="themes",
        ),
        countries(
            "parties",
            "CommitmentParty.country",
            _("Its parties: at least two countries."),
            read=_countries(PartyRole.PARTY),
        ),
        countries(
            "obligated",
            "CommitmentParty.role",
            _("The parties that must act."),
            read=_countries(PartyRole.OBLIGATED),
        ),
        countries(
            "beneficiaries",
            "CommitmentParty.commitment",
            _("The countries that benefit."),
            required=False,
            read=_countries(PartyRole.BENEFICIARY),
        ),
        Key(
            "agencies",
            ValueKind.LIST,
            _("The assigned agencies."),
            column="Assignment.commitment",
            of=ASSIGNMENT,
        ),
        Key(
            "officer",
            ValueKind.ACCOUNT,
            _("The officer in charge: an account."),
            column="Commitment.officer",
        ),
        classification("Commitment"),
        Key(
            "deadline",
            ValueKind.RECORD,
            _("When it is due."),
            of=window("deadline", "Commitment", "deadline_", "review_on"),
        ),
        Key("target", ValueKind.RECORD, _("The figure to reach."), column="Target.commitment", of=TARGET),
        _readings(_readings_without_target),
        Key(
            "outcome_meeting",
            ValueKind.LINK,
            _("The planned meeting that will fulfil it."),
            column="Commitment.outcome_meeting",
            links="meetings",
        ),
        word("status", "Commitment.status", _("The last status of its history."), required=True),
        Key(
            "successor",
            ValueKind.LINK,
            _("The commitment that replaces it; required if it is superseded, else not allowed."),
            column="Commitment.successor",
            links="commitments",
        ),
        Key(
            "status_history",
            ValueKind.LIST,
            _("All changes of its status, in the order of their dates."),
            required=True,
            column="StatusChange.commitment",
            of=STATUS_CHANGE,
            always=True,
        ),
        Key(
            "mentions",
            ValueKind.LIST,
            _("Where it is mentioned."),
            required=True,
            column="Mention.commitment",
            of=MENTION,
            always=True,
        ),
        Key(
            "related",
            ValueKind.LIST,
            _("Related commitments; one of the two entries is enough."),
            column="Commitment.related",
            unordered=True,
            of=Key("", ValueKind.LINK, links="commitments"),
            read=_related,
        ),
        text("remarks", "Commitment.remarks", _("Remarks of the desk.")),
        Key(
            "progress",
            ValueKind.LIST,
            _("Progress updates between status changes."),
            column="ProgressUpdate.commitment",
            of=PROGRESS,
        ),
        Key(
            "evidence",
            ValueKind.LIST,
            _("Evidence that it was done."),
            column="Evidence.commitment",
            of=EVIDENCE,
        ),
        Key(
            "deadline_changes",
            ValueKind.LIST,
            _("How the deadline was renegotiated."),
            column="DeadlineChange.commitment",
            of=DEADLINE_CHANGE,
        ),
        Key(
            "deadline_proposals",
            ValueKind.LIST,
            _("Deadlines that were proposed, and what became of them."),
            column="DeadlineProposal.commitment",
            of=DEADLINE_PROPOSAL,
        ),
        ENTERED_IN_ERROR,
        *MERGED,
    ),
)
