"""The entry of the register file that holds a commitment, with everything that happened to it."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import Clearance
from interchange.register_file.fields import countries, day, entered, on, rests_on, text, window, word
from interchange.register_file.format import EntrySchema, Key, ValueKind

ASSIGNMENT = EntrySchema(
    "agency in charge",
    (
        Key(
            "agency", ValueKind.LINK, _("Which."), required=True, column="Assignment.agency", links="agencies"
        ),
        word("role", "Assignment.role", _("In which role."), required=True),
        Key("focal_point", ValueKind.ACCOUNT, _("Who reports: an account."), column="Assignment.focal_point"),
    ),
)

READING = EntrySchema(
    "reading",
    (
        day("as_of", "Reading.as_of", _("Up to which day."), required=True),
        Key("value", ValueKind.NUMBER, _("The figure."), required=True, column="Reading.value"),
        text("period", "Reading.period", _("Over which period, as ISO 8601 writes it.")),
        *rests_on("Reading.paragraph"),
        text("note", "Reading.note", _("How the figure was reached.")),
    ),
)
READINGS = Key(
    "readings", ValueKind.LIST, _("The figures reported so far."), column="Reading.commitment", of=READING
)

TARGET = EntrySchema(
    "target",
    (
        text("indicator", "Target.indicator", _("What is counted."), required=True),
        text("unit", "Target.unit", _("In which unit."), required=True),
        Key("baseline", ValueKind.NUMBER, _("The figure at the beginning."), column="Target.baseline"),
        Key("value", ValueKind.NUMBER, _("The figure to be reached."), required=True, column="Target.value"),
        READINGS,
    ),
)

STATUS_CHANGE = EntrySchema(
    "status change",
    (
        word("status", "StatusChange.to_status", _("The status to which it led."), required=True),
        on("StatusChange.occurred_on"),
        text("note", "StatusChange.note", _("What was reported.")),
        *rests_on("StatusChange.paragraph"),
        Key(
            "transition",
            ValueKind.CHOICE,
            _("The move of the workflow. Without it: record."),
            column="StatusChange.transition",
            default="record",
        ),
        word("outcome", "StatusChange.outcome", _("The outcome proposed or decided.")),
        day("delivered_on", "StatusChange.delivered_on", _("The day of delivery, as submitted.")),
        Key(
            "successor",
            ValueKind.LINK,
            _("The commitment that replaces it, where the status or the proposed outcome is superseded."),
            column="StatusChange.successor",
            links="commitments",
        ),
        *entered("StatusChange"),
    ),
)

MENTION = EntrySchema(
    "mention",
    (
        Key(
            "meeting", ValueKind.LINK, _("Where."), required=True, column="Mention.meeting", links="meetings"
        ),
        *rests_on("Mention.paragraph", required=True),
        word("kind", "Mention.kind", _("What the paragraph does with the commitment."), required=True),
        word("modality", "Mention.modality", _("How binding the wording is.")),
        text("summary", "Mention.summary", _("What this mention adds or leaves out.")),
    ),
)

PROGRESS = EntrySchema(
    "progress update",
    (
        on("ProgressUpdate.occurred_on"),
        text("achieved", "ProgressUpdate.achieved", _("What was achieved.")),
        text("challenges", "ProgressUpdate.challenges", _("What stands in the way.")),
        text("recommendations", "ProgressUpdate.recommendations", _("What is proposed.")),
        day("review_on", "ProgressUpdate.review_on", _("When to look again.")),
        *entered("ProgressUpdate"),
    ),
)

WITHDRAWAL = EntrySchema(
    "withdrawal",
    (
        text("reason", "EvidenceWithdrawal.reason", _("Why it no longer counts."), required=True),
        *entered("EvidenceWithdrawal"),
    ),
)

EVIDENCE = EntrySchema(
    "piece of evidence",
    (
        word("kind", "Evidence.kind", _("How it is kept."), required=True),
        Key(
            "type",
            ValueKind.CHOICE,
            _("What sort of document it is. Without it: other."),
            column="Evidence.type",
            default="other",
            always=True,
        ),
        text("title", "Evidence.title", _("Its title."), required=True),
        Key("url", ValueKind.ADDRESS, _("The address of a link."), column="Evidence.url"),
        Key("file", ValueKind.FILE, _("A file, which stays in the media folder."), column="Evidence.file"),
        text("file_name", "Evidence.file_name", _("The name it was uploaded under.")),
        Key("sha256", ValueKind.DIGEST, _("The digest of the file."), column="Evidence.sha256"),
        day("dated_on", "Evidence.dated_on", _("The date of the document.")),
        Key(
            "status_change",
            ValueKind.WHOLE,
            _("The status change it was given with, counted from 1 in the status history."),
            column="Evidence.status_change",
        ),
        *entered("Evidence"),
        Key(
            "withdrawn",
            ValueKind.RECORD,
            _("That it no longer counts."),
            column="EvidenceWithdrawal.evidence",
            of=WITHDRAWAL,
        ),
    ),
)

DEADLINE_CHANGE = EntrySchema(
    "change of deadline",
    (
        on("DeadlineChange.occurred_on"),
        Key(
            "old",
            ValueKind.RECORD,
            _("The deadline before."),
            of=window("old", "DeadlineChange", "old_", "old_review_on"),
        ),
        Key(
            "new",
            ValueKind.RECORD,
            _("The deadline after."),
            of=window("new", "DeadlineChange", "new_", "new_review_on"),
        ),
        text("reason", "DeadlineChange.reason", _("Why it was changed."), required=True),
        *entered("DeadlineChange"),
    ),
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
        word("nature", "Commitment.nature", _("What kind of undertaking it is."), required=True),
        Key(
            "theme",
            ValueKind.LINK,
            _("Its field of policy."),
            required=True,
            column="Commitment.theme",
            links="themes",
        ),
        countries("parties", "CommitmentParty.country", _("Between whom it stands: two countries or more.")),
        countries("obligated", "CommitmentParty.role", _("Who must act: parties.")),
        countries("beneficiaries", "CommitmentParty.commitment", _("Who gains."), required=False),
        Key(
            "agencies",
            ValueKind.LIST,
            _("The agencies in charge."),
            column="Assignment.commitment",
            of=ASSIGNMENT,
        ),
        Key(
            "classification",
            ValueKind.CHOICE,
            _("How confidential it is. Without it: unclassified."),
            column="Commitment.classification",
            default="unclassified",
            words=tuple(level.name.lower() for level in Clearance),
        ),
        Key(
            "deadline",
            ValueKind.RECORD,
            _("When it is due."),
            of=window("deadline", "Commitment", "deadline_", "review_on"),
        ),
        Key(
            "target", ValueKind.RECORD, _("The figure to be reached."), column="Target.commitment", of=TARGET
        ),
        READINGS,
        Key(
            "outcome_meeting",
            ValueKind.LINK,
            _("The meeting that it is to bring about."),
            column="Commitment.outcome_meeting",
            links="meetings",
        ),
        word("status", "Commitment.status", _("Where it stands: the last of its history."), required=True),
        Key(
            "successor",
            ValueKind.LINK,
            _("The commitment that replaces it; only, and always, where it is superseded."),
            column="Commitment.successor",
            links="commitments",
        ),
        Key(
            "status_history",
            ValueKind.LIST,
            _("How it came there, from the first status on; days in order."),
            required=True,
            column="StatusChange.commitment",
            of=STATUS_CHANGE,
            always=True,
        ),
        Key(
            "mentions",
            ValueKind.LIST,
            _("Where it was spoken of."),
            required=True,
            column="Mention.commitment",
            of=MENTION,
            always=True,
        ),
        Key(
            "related",
            ValueKind.LIST,
            _("Related commitments; to name one side is enough."),
            column="Commitment.related",
            unordered=True,
            of=Key("", ValueKind.LINK, links="commitments"),
        ),
        text("remarks", "Commitment.remarks", _("What the desk adds.")),
        Key(
            "progress",
            ValueKind.LIST,
            _("What was reported between status changes."),
            column="ProgressUpdate.commitment",
            of=PROGRESS,
        ),
        Key(
            "evidence",
            ValueKind.LIST,
            _("What shows that it was done."),
            column="Evidence.commitment",
            of=EVIDENCE,
        ),
        Key(
            "deadline_changes",
            ValueKind.LIST,
            _("How the deadline was agreed anew."),
            column="DeadlineChange.commitment",
            of=DEADLINE_CHANGE,
        ),
    ),
)
