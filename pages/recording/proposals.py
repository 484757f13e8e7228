"""Fills the empty fields of the form to record a meeting with what its text says, for a person to check."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from core import clock
from core.whole_numbers import whole_number
from pages.recording.summary import recent_participants
from relations.forms import PARTICIPANT_ROWS
from relations.recording_forms import RecordingForm
from relations.services.meeting_proposal import MeetingProposal, propose_meeting
from relations.services.text_extraction import without_scan_marks

if TYPE_CHECKING:
    from accounts.models import User

READ = "read"
"""The name of the button."""
_OF_THE_FILE = tuple(
    f"document-{name}"
    for name in (
        "text",
        "kept",
        "keeps",
        "next_page",
        "pages",
        "language",
        "read_language",
        "other_languages",
    )
)
"""What the form says of the file that was read."""


def with_proposals(form: RecordingForm, data: QueryDict, user: "User") -> RecordingForm:
    """``form``, of which the document was read, with its empty fields filled; unchanged if it has errors.

    What somebody entered stays. ``proposed`` has the labels of the fields that were filled.
    """
    if form.document.errors:
        return form
    filled: Any = data.copy()
    for name in _OF_THE_FILE:
        if name in form.document.data:
            filled[name] = form.document.data[name]
    text, people = without_scan_marks(filled["document-text"]), recent_participants(user)
    proposal = propose_meeting(text, user=user, people=people, today=clock.today())
    names = [name for name, value in _values(proposal) if _is_free(form, filled, name) and value]
    filled.update({name: value for name, value in _values(proposal) if name in names})
    has_people = _fill_participants(filled, proposal)
    found = RecordingForm(filled, meeting=form.existing, user=user)
    found.is_preliminary(filled)
    found.document.extracted, found.document.paper = form.document.extracted, form.document.paper
    found.was_read = True
    found.proposed = tuple(_labels(found, names, has_people=has_people))
    return found


def _values(proposal: MeetingProposal) -> Iterator[tuple[str, str]]:
    days = proposal.days
    yield "meeting-title", proposal.title
    yield "meeting-mechanism", str(proposal.mechanism.pk) if proposal.mechanism else ""
    yield "meeting-session", str(proposal.session or "")
    yield "meeting-starts_on", days.first.isoformat() if days else ""
    yield "meeting-ends_on", days.last.isoformat() if days and days.last > days.first else ""
    yield "meeting-place", proposal.place
    yield "meeting-country", str(proposal.country.pk) if proposal.country else ""
    yield "document-title", proposal.title


def _is_free(form: RecordingForm, data: QueryDict, name: str) -> bool:
    """Whether the form has the field ``name``, and nobody entered anything in it."""
    prefix, field = name.split("-", 1)
    part = form.meeting if prefix == "meeting" else form.document
    return part is not None and field in part.fields and not data.get(name, "").strip()


def _fill_participants(data: Any, proposal: MeetingProposal) -> bool:
    """Fill the rows of participants, if all of them are empty; whether they were."""
    rows = whole_number(data.get("participants-TOTAL_FORMS", "")) or PARTICIPANT_ROWS
    if not proposal.people or any(data.get(f"participants-{n}-name", "").strip() for n in range(rows)):
        return False
    data["participants-TOTAL_FORMS"] = str(max(rows, len(proposal.people)))
    for n, person in enumerate(proposal.people):
        known: Any = person
        data[f"participants-{n}-name"] = person.name
        data[f"participants-{n}-office"] = known.last_office or ""
        data[f"participants-{n}-country"] = known.last_code
        data.setdefault(f"participants-{n}-role", "participant")
    return True


def _labels(form: RecordingForm, names: list[str], *, has_people: bool) -> Iterator[str]:
    for name in names:
        prefix, field = name.split("-", 1)
        part: Any = form.meeting if prefix == "meeting" else form.document
        yield str(part[field].label)
    if has_people:
        yield _("Participants")
