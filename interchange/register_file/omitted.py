"""The fields that the register file omits, and why nothing is lost."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.choices import Clearance

OMITTED = {
    "*.id": _("Entries are identified by their keys, and rows by their position in the list."),
    "*.version": _("Counts saves, to detect conflicting edits in this database."),
    "*.search_text": _("Follows from the texts. The load creates it again."),
    "*.sort_key": _("Follows from the name or the title. The load creates it again."),
    "Meeting.day": _("Follows from the dates of the meeting."),
    "Meeting.sources": _("The list “sources” of the meeting, in its order."),
    "MeetingSource.meeting": _("The meeting whose entry it is in."),
    "Paragraph.first_text": _("The first of the versions of the source."),
    "Paragraph.first_label": _("The first of the versions of the source."),
    "Paragraph.first_role": _("The first of the versions of the source."),
    "Commitment.prefix": _("Part of the reference."),
    "Commitment.year": _("Part of the reference."),
    "Commitment.serial": _("Part of the reference."),
    "Commitment.review_from": _("Follows from the history: the status before the submission."),
    "Commitment.is_in_error": _("Follows from the notes “entered_in_error”."),
    "Mention.is_in_error": _("Follows from the notes “entered_in_error”."),
    "Reading.is_in_error": _("Follows from the notes “entered_in_error”."),
    "EnteredInError.mention": _("The mention whose entry it is in."),
    "EnteredInError.progress_update": _("The progress update whose entry it is in."),
    "EnteredInError.reading": _("The reading whose entry it is in."),
    "StatusChange.corrected_on": _("Follows from the last correction of the day."),
    "StatusChange.day": _("Follows from the corrections of the day."),
    "StatusChange.number": _("Its position in the history, from 1."),
    "StatusChange.from_status": _("The status after the previous change."),
    "StatusChange.opens": _("Follows from the two statuses."),
    "DeadlineChange.number": _("Its position in the list, from 1."),
    "DeadlineProposal.number": _("Its position in the list, from 1."),
    "DeadlineProposal.state": _("Follows from the decision."),
    "Downgrade.*": _("Who proposed a lower classification here. Decided, it is the classification."),
    "DowngradeDecision.*": _("Who decided on a lower classification here."),
    "ReferenceCounter.*": _("Follows from the highest reference of each set of parties and year."),
    **{
        f"Candidate.{name}": _("What the reader of texts proposes. It is read again from the text.")
        for name in (
            *("start", "end", "words", "passage_class", "cue", "kind", "modality", "obligated", "nature"),
            *(
                "theme",
                "deadline_wording",
                "deadline_earliest",
                "deadline_latest",
                "figure",
                "language",
                "reasons",
            ),
            *("is_recut", "read_at"),
        )
    },
    "LoadedEntry.*": _("What this database loaded last. Another database starts with the dump."),
    "IndexVersion.*": _("The version of the program that wrote the search texts of this database."),
    "SavedView.*": _("Belongs to an account, not to the register."),
    "DefaultView.*": _("Belongs to an account, not to the register."),
    "Watch.*": _("Belongs to an account, not to the register."),
    "BulkJob.*": _("Belongs to an account. Its changes are in the histories."),
    "BulkRow.*": _("Belongs to an account. Its changes are in the histories."),
    "ReportRequest.*": _(
        "Asks an account of this site. The answers are progress updates, which the file has."
    ),
    "ReportRequestEnd.*": _("What came of a request. The file has the answers: progress updates."),
    "BodyMerge.*": _("Names entries of the field history of this database. The keys are in “former_keys”."),
}
"""Fields (``Model.field``, ``*`` for any) without a key in the file, with the reason."""

NOT_IN_THE_FILE = (
    _(
        "Accounts. The file has only their names. If an account does not exist, the load creates an inactive "
        "one without password and role, so that the history keeps its author."
    ),
    _(
        "Files of evidence and of sources. The file has their path, name and digest. They are in the media "
        "folder."
    ),
    _("The field history of entries that were deleted."),
    _("Saved views, API tokens and the history of accounts."),
    _("Templates of briefings. An administrator can download and upload them."),
)
"""What a backup needs besides the file."""


def not_shared(level: Clearance) -> tuple[str, ...]:
    """What a file up to ``level`` does not have besides."""
    return (
        gettext(
            "Meetings, sources and commitments classified higher than %(level)s, and commitments that were "
            "replaced by one that is left out."
        )
        % {"level": level.label},
        gettext("The field history, and commitments that were merged into another one."),
    )
