"""The form to record a document: its text, with the meeting and the participants."""

from collections.abc import Iterator
from copy import copy
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.documents.limits import MAX_CHARACTERS
from core.filters import IsoDateField
from core.form_errors import errors_in
from core.lists import listed
from core.texts import TextField, form_field
from core.whole_numbers import whole_number
from relations.file_reading import IN_CODE_PAGE, IN_LANGUAGE, NEXT_PAGES, FileReadingForm
from relations.forms import (
    HELD_FIELDS,
    MAX_PARTICIPANTS,
    PARTICIPANT_ROWS,
    HeldForm,
    MeetingForm,
    ParticipantForm,
    ParticipantFormSet,
    require_one,
    with_dash_for_empty_choice,
)
from relations.models import Meeting, Source
from relations.models.source import numbered_text
from relations.services.duplicates import AlreadyRecorded
from relations.services.meetings import was_held
from relations.services.paper_edits import PaperEdit, edited
from relations.services.paper_structure import PaperParagraph, read_paper
from relations.services.paragraph_splitting import refuse_many
from relations.services.sources import labels_of

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_TEXT = MAX_CHARACTERS
PAPER_EDIT = "paper"
"""The name of the buttons that edit a paragraph of the preview."""
_READ_TEXT = frozenset({"preview", "read", PAPER_EDIT, NEXT_PAGES, IN_LANGUAGE, IN_CODE_PAGE})
"""The buttons that read the text and save nothing."""


class DocumentForm(FileReadingForm, forms.ModelForm):
    """A document with its text, pasted or from a file."""

    text = TextField(
        label=gettext_lazy("Text"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 14, "class": "document-text"}),
        help_text=gettext_lazy(
            "Paste it, or choose a file below. Leave a blank line between paragraphs. They keep the numbers "
            "of the paper. “# ” before a line makes it a heading, “¶ ” a paragraph."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".txt,.docx,.pdf,.png,.jpg,.jpeg"}),
        help_text=gettext_lazy(
            "Plain text, Word (.docx), PDF, or a picture of a page; at most 20 MB, 400 pages and 10,000 "
            "paragraphs. Headers and footers are left out. Where the text is a picture, it is read by a "
            "program and must be compared; Khmer is read poorly."
        ),
    )
    renumber = forms.BooleanField(
        label=gettext_lazy("Renumber paragraphs"),
        required=False,
        help_text=gettext_lazy("If the numbers in the text count chapters, not paragraphs."),
    )

    class Meta:
        model = Source
        formfield_callback = form_field
        fields = ["title", "kind", "number", "publisher", "published_on", "language", "url"]
        field_classes = {"published_on": IsoDateField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_dash_for_empty_choice(self)
        self.fields["title"].label = _("Title of the document")
        require_one(self.fields["text"], self.fields["file"])
        self.fields["published_on"].widget.attrs["max"] = clock.today().isoformat()
        del self.fields["text"].widget.attrs["maxlength"]  # browsers cut off pasted text without notice

    def clean(self) -> dict[str, Any]:
        """Read the text into ``paragraphs``; ``numbered`` and ``labels`` are what is recorded of them."""
        cleaned: dict[str, Any] = super().clean() or {}
        text = self.extracted.text if self.extracted else cleaned.get("text", "")
        if "text" in self.errors or "file" in self.errors:
            return cleaned
        if not text.strip():
            self.add_error("text", _("Paste the text, or choose a file."))
            return cleaned
        has_labels = not cleaned.get("renumber", False)
        self.paragraphs = read_paper(text, has_labels=has_labels)
        if edit := self._edit():
            text = edited(self.paragraphs, *edit)
            self.paragraphs = read_paper(text, has_labels=has_labels)
            self.show(text=text)
        try:
            refuse_many(self.paragraphs)
        except ValidationError as error:
            self.add_error("text", error)
            return cleaned
        cleaned["numbered"] = numbered_text(each.recorded_text for each in self.paragraphs)
        self.instance.note = " ".join(self._notes())
        cleaned["labels"] = labels_of(self.paragraphs)
        return cleaned

    def _notes(self) -> Iterator[str]:
        """What a reader of the document must know of how its text was read."""
        if self.is_scanned:
            yield _("The text was read by a program from pictures of the pages.")
        if self.languages and self.paper_to_keep:
            read, others = self.languages
            names = {"language": read, "others": listed(name for _code, name in others)}
            yield _("The file has the text in %(others)s too, beside the one in %(language)s.") % names

    def _edit(self) -> tuple[PaperEdit, int] | None:
        """What the button of a paragraph asks for: "split:3" splits the third one."""
        name, _colon, number = str(self.data.get(PAPER_EDIT, "")).partition(":")
        if name in set(PaperEdit) and number.isascii() and number.isdecimal():
            return PaperEdit(name), int(number[:6]) - 1
        return None

    @property
    def doubts(self) -> int:
        """How many paragraphs should be looked at."""
        return sum(each.doubt is not None or each.doubtful_words > 0 for each in self.paragraphs)

    paragraphs: list[PaperParagraph] = []

    @property
    def is_scanned(self) -> bool:
        """Whether any paragraph was read from a picture."""
        return any(each.is_scanned for each in self.paragraphs)

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """The fields that describe the document."""
        return [self[name] for name in self._meta.fields or ()]


class RecordingForm:
    """The forms to record a document: of the meeting, of its participants, and of the document.

    ``meeting`` is the form of a new meeting, or of a planned one that took place, or ``None`` where the
    meeting is already recorded as held. ``proposed`` are the labels of what was read from the text.
    """

    proposed: tuple[str, ...] = ()
    was_read = False

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        *,
        user: "User",
        meeting: Meeting | None,
        title: str = "",
    ) -> None:
        self.is_new = meeting is None
        self.meeting: HeldForm | None = None
        if meeting is None:
            self.meeting = MeetingForm(data, prefix="meeting", initial={"title": title}, user=user)
        elif not was_held(meeting, clock.today()):
            # A copy, since the page shows the meeting without the input.
            self.meeting = HeldForm(data, prefix="meeting", instance=copy(meeting))
        self.existing = meeting
        self.participants = ParticipantFormSet(_with_more_rows(data), prefix="participants")
        if meeting is not None:
            recorded = frozenset(each.person_id for each in meeting.participations.all())
            self.participants.recorded = recorded  # type: ignore[attr-defined]
        self.document = DocumentForm(data, files, prefix="document")
        self.document.user = user
        self.recorded: tuple[Any, ...] = ()
        self.is_bound = data is not None
        self.shows_paragraphs = data is not None and bool(_READ_TEXT & data.keys())

    @property
    def parts(self) -> list[Any]:
        """All forms, in the order of the page."""
        return [*filter(None, [self.meeting]), *self.participants.forms, self.document]

    def is_valid(self) -> bool:
        """Whether every form is valid. All are validated, so that all errors are shown at once."""
        others: list[Any] = [self.document, *filter(None, [self.meeting])]
        return all([self.participants.is_valid(), *(form.is_valid() for form in others)])

    def arguments(self) -> dict[str, Any]:
        """The arguments of ``record_document``, from valid input."""
        return {
            "meeting": self.recorded_meeting,
            "source": self.document.instance,
            "text": self.document.cleaned_data["numbered"],
            "labels": self.document.cleaned_data["labels"],
            "participants": [form.participant() for form in self.participants if form.has_changed()],
            "changed": ["status", *HELD_FIELDS] if self.meeting and not self.is_new else (),
            "paper": self.document.paper_to_keep,
            "despite": self.document.data.get("despite", "").split(),
        }

    @property
    def recorded_meeting(self) -> Meeting:
        """The meeting of the form, or the one that was recorded before."""
        meeting = self.meeting.instance if self.meeting else self.existing
        assert meeting is not None  # noqa: S101  (a new one comes from the form)
        return meeting

    @property
    def cautions(self) -> tuple[str, ...]:
        """Warnings about a text that was read from a file, and about the file."""
        return self.document.file_cautions

    def is_preliminary(self, data: QueryDict) -> bool:
        """Whether a button asked for more rows or to read the text, so that nothing is to be saved.

        If so, only the errors of the text and the file are kept for a preview, and of the file for more rows.
        """
        previews, adds_rows = bool(_READ_TEXT & data.keys()), "more" in data
        if not previews and not adds_rows:
            return False
        for form in self.parts[:-1]:
            form.errors.clear()  # incomplete input is no error yet
        # A chosen file is read now: browsers do not send it again.
        for name in set(self.document.errors) - ({"text", "file"} if previews else {"file"}):
            del self.document.errors[name]
        return True

    def show_recorded(self, refused: AlreadyRecorded) -> None:
        """Keep the records that may be the same, for the page."""
        self.recorded, self.recorded_keys = refused.records, " ".join(refused.keys)

    def refuse(self, error: ValidationError) -> None:
        """Add an error of ``record_document`` to the form of the document."""
        self.document.add_error(None, error)

    def error_summary(self) -> Iterator[tuple[str, str]]:
        """Each error as the ``id`` of its control and its message with the label. Names the participant."""
        for form in self.parts:
            for control, message in errors_in([form]):
                yield control, form.told(message) if isinstance(form, ParticipantForm) else message


def _with_more_rows(data: QueryDict | None) -> QueryDict | None:
    """``data``, with more empty rows where the button for them was pressed."""
    if data is None or "more" not in data:
        return data
    more = data.copy()
    count = whole_number(data.get("participants-TOTAL_FORMS", ""))
    rows = PARTICIPANT_ROWS if count is None else count
    more["participants-TOTAL_FORMS"] = str(min(rows + PARTICIPANT_ROWS, MAX_PARTICIPANTS))
    return more
