"""The part of a form that reads the text of a file and keeps the file. Long scans are read in steps."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from core.documents.limits import MAX_BYTES, MAX_CHARACTERS
from core.documents.problems import Problem
from core.documents.reading import ReadersBusy, refusal
from core.uploads import StoredFile
from core.whole_numbers import whole_number
from relations.choices import CodePage
from relations.services.code_pages import CodePageReading, readings_of
from relations.services.papers import kept_file, kept_for
from relations.services.text_extraction import ExtractedText, extract_text, with_next_pages

if TYPE_CHECKING:
    from accounts.models import User

NEXT_PAGES = "next-pages"
"""The name of the button that reads the next pages of a scan."""
IN_LANGUAGE = "in-language"
"""The name of the buttons that read the text of a file in another of its languages."""
IN_CODE_PAGE = "in-code-page"
"""The name of the buttons that read a plain text in a code page."""


def language_name(code: str) -> str:
    """The name of the language ``code`` in the language of the page; the code if it has none here."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


class FileReadingForm(forms.Form):
    """A text that is pasted, or read from a file.

    When the form is shown again, the text of the file is in the text field, and the file is named in
    ``kept``: browsers do not send a file again. ``next_page`` is where a long scan goes on.
    """

    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    keeps = forms.BooleanField(label=gettext_lazy("Keep the file with the document"), required=False)
    next_page = forms.IntegerField(required=False, min_value=0, max_value=10_000, widget=forms.HiddenInput)
    pages = forms.IntegerField(required=False, min_value=0, max_value=10_000, widget=forms.HiddenInput)
    read_language = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    other_languages = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    code_page = forms.ChoiceField(
        choices=[("", ""), *CodePage.choices], required=False, widget=forms.HiddenInput
    )

    user: "User | None" = None
    extracted: ExtractedText | None = None
    paper: StoredFile | None = None
    """The file that was read."""
    readings: Sequence[CodePageReading] = ()
    """How a plain text that is not in Unicode reads in each code page."""

    def clean_file(self) -> UploadedFile | None:
        """Read the text of the file."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is None:
            return None
        if self.data.get(self.add_prefix("text"), "").strip():
            raise ValidationError(
                _("Enter the text or choose a file, not both. The text field is filled already.")
            )
        content = file.read(MAX_BYTES + 1)
        try:
            self._read(file.name or "", content, code_page=self.cleaned_data.get("code_page", ""))
        except ValidationError as error:
            if error.code != Problem.UNKNOWN_ENCODING or self.user is None:
                raise
            # A person chooses from how it reads in each code page.
            self.readings = readings_of(content)
            self.show(kept=kept_for(self.user, file), keeps="on")
            message = _("“%(name)s” is not in UTF-8 or UTF-16. Choose below how its letters are read.")
            raise ValidationError(message % {"name": file.name}, code=Problem.UNKNOWN_ENCODING) from error
        return file

    def clean(self) -> dict[str, Any]:
        """Keep the file that was read now, or find the one that was read before; read its next pages."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.user is None:
            return cleaned
        if self.extracted and (file := cleaned.get("file")):
            self.show(kept=kept_for(self.user, file), keeps="on")
        self.paper = kept_file(self.user, self.data.get(self.add_prefix("kept"), ""))
        first_page = cleaned.get("next_page") or 0
        if NEXT_PAGES in self.data and first_page:
            language = cleaned.get("read_language", "")
            self._read_again(before=cleaned.get("text", ""), first_page=first_page, language=language)
        elif IN_LANGUAGE in self.data:
            self._read_again(language=self.data[IN_LANGUAGE])
        elif (chosen := self.data.get(IN_CODE_PAGE)) in CodePage.values:
            self.show(code_page=chosen)
            self._read_again(code_page=chosen)
        if not self.readings and self.data.get(self.add_prefix("code_page")):
            self.readings = readings_of(self._content())
        return cleaned

    def _content(self) -> bytes:
        """The content of the file that is kept; nothing without one."""
        if self.paper is None:
            return b""
        with default_storage.open(self.paper.stored_as, "rb") as stored:
            return bytes(stored.read())

    def _read_again(self, **options: Any) -> None:
        """Read the file that is kept."""
        content = self._content()
        if self.paper is None:
            return
        try:
            self._read(self.paper.name, content, **options)
        except ValidationError as error:
            self.add_error("file", error)

    def _read(self, name: str, content: bytes, *, before: str = "", **options: Any) -> None:
        try:
            found = extract_text(name, content, **options)
        except ReadersBusy as busy:
            raise ValidationError(str(busy)) from busy
        self.extracted = replace(found, text=with_next_pages(before, found.text))
        if len(self.extracted.text) > MAX_CHARACTERS:  # so that what is shown can be recorded
            self.extracted = None
            raise refusal(Problem.TOO_LONG, name)
        others = " ".join(each for each in found.languages if each != found.language)
        language = {"read_language": found.language, "other_languages": others}
        entered, read_before = (
            self.data.get(self.add_prefix(name), "").strip() for name in ("language", "read_language")
        )
        if found.language and entered in ("", read_before):
            language["language"] = found.language
        reached = {"next_page": str(found.next_page or ""), "pages": str(found.pages or "")}
        self.show(text=self.extracted.text, **reached, **language)

    def show(self, **values: str) -> None:
        """Put ``values`` into the fields of the form that is shown again."""
        data: Any = self.data
        self.data = data.copy()
        self.data.update({self.add_prefix(name): value for name, value in values.items()})  # type: ignore[attr-defined]

    @property
    def read_in(self) -> str:
        """The code page in which the text was read; "" for Unicode."""
        return str(self.data.get(self.add_prefix("code_page"), ""))

    @property
    def reading_to_go_on(self) -> tuple[int, int] | None:
        """How many pages of a scan are read, and how many it has; ``None`` if all are read."""
        done, pages = (
            whole_number(str(self.data.get(self.add_prefix(name), ""))) for name in ("next_page", "pages")
        )
        return (done, pages) if self.paper and done and pages is not None else None

    @property
    def languages(self) -> tuple[str, list[tuple[str, str]]] | None:
        """The name of the language that was read of a paper in several, and code and name of the others."""
        read, others = (
            str(self.data.get(self.add_prefix(name), "")) for name in ("read_language", "other_languages")
        )
        if not (self.paper and read and others):
            return None
        return language_name(read), [(each, language_name(each)) for each in others.split()]

    @property
    def paper_to_keep(self) -> StoredFile | None:
        """The file that is kept with the document."""
        return self.paper if self.data.get(self.add_prefix("keeps")) else None

    @property
    def file_cautions(self) -> tuple[str, ...]:
        """Warnings about a text that was read from a file, and about the file."""
        cautions = self.extracted.cautions if self.extracted else ()
        if self.data.get(self.add_prefix("keeps")) and self.paper is None:
            # It was read more than a day ago.
            cautions = (*cautions, _("The file is no longer here. Attach it on the page of the document."))
        return cautions
