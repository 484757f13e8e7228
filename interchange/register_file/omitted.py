"""What the register file leaves out, and why nothing is lost by it."""

from django.utils.translation import gettext_lazy as _

LEFT_OUT = {
    "*.id": _("Entries are known by their keys; rows by their place in the list."),
    "*.version": _("Counts the saves of this database, for forms that are open."),
    "*.search_text": _("Follows from the texts; the load makes it anew."),
    "Meeting.day": _("Follows from the days of the meeting."),
    "Meeting.sources": _("The list “sources” of the meeting, in its order."),
    "MeetingSource.meeting": _("The meeting in whose entry it stands."),
    "Commitment.prefix": _("Part of the reference."),
    "Commitment.year": _("Part of the reference."),
    "Commitment.serial": _("Part of the reference."),
    "Commitment.review_from": _("Follows from the history: the status before the submission."),
    "StatusChange.number": _("Its place in the history, from 1."),
    "StatusChange.from_status": _("The status of the change before it."),
    "StatusChange.opens": _("Follows from the two statuses."),
    "DeadlineChange.number": _("Its place in the list, from 1."),
    "ReferenceCounter.*": _("Follows from the highest reference of each set of parties and year."),
    "LoadedEntry.*": _("What this database loaded last; another one begins with the dump itself."),
    "SavedView.*": _("Belongs to the accounts, not to the register."),
    "DefaultView.*": _("Belongs to the accounts, not to the register."),
    "BulkJob.*": _("A note of one person about their own work; what it changed stands in the histories."),
    "BulkRow.*": _("A note of one person about their own work; what it changed stands in the histories."),
    "SetAside.*": _("A note of the desk about its own reading, while it records a meeting."),
}
"""Columns (``Model.field``; ``*`` for any) that have no key of their own, with the reason."""

BESIDE = (
    _(
        "Accounts: names of accounts stand in the file, the accounts do not. A load makes an account for a "
        "name that nobody holds: inactive, without password and role, so that the history keeps its author."
    ),
    _(
        "Files given as evidence: their path, name and digest stand in the file, they themselves in the "
        "media folder."
    ),
    _("The field history of what is edited in place, and saved views."),
)
"""What a backup needs beside the file."""
