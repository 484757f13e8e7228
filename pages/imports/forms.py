"""The forms of an import: the file, how it is read, and what its columns mean."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.levels import levels_for
from accounts.models import User
from commitments.choices import Nature
from commitments.models import Theme
from commitments.workflow import first_statuses
from core import clock
from core.documents.limits import MAX_SHEET_BYTES
from core.documents.workbook import VERSIONS_SHEET
from core.filters import IsoDateField
from core.texts import TextField
from interchange.models import SpreadsheetImport
from interchange.spreadsheet.fields import FOLLOWING, IMPORTED
from interchange.spreadsheet.reading import SEPARATORS, require_readable_name
from relations.choices import CodePage, MeetingForm, MeetingLevel
from relations.models import Country, Meeting
from relations.services.duplicates import recorded_already

NOT_IMPORTED = [("", gettext_lazy("– not imported –"))]
_ANY = [("", "–")]


class UploadForm(forms.Form):
    """The file to import."""

    file = forms.FileField(
        label=gettext_lazy("Spreadsheet"),
        help_text=gettext_lazy("A file in .xlsx or .csv, at most 5 MB and 10,000 rows."),
    )

    def clean_file(self) -> Any:
        """Refuse another kind of file, and one that is too large."""
        file = self.cleaned_data["file"]
        require_readable_name(file.name or "")
        if file.size > MAX_SHEET_BYTES:
            raise ValidationError(_("The file is too large. The limit is 5 MB."))
        return file


class ReadingForm(forms.Form):
    """How the file is read. Only what its kind has is shown."""

    head_row = forms.IntegerField(label=gettext_lazy("Row of the headings"), min_value=1)

    def __init__(self, data: Any = None, *, job: SpreadsheetImport) -> None:
        super().__init__(data, initial={"head_row": job.head_row})
        if sheets := job.facts.get("sheets"):
            self.fields["sheet"] = forms.TypedChoiceField(
                label=_("Sheet"),
                choices=[(n, name) for n, name in enumerate(sheets) if name != VERSIONS_SHEET],
                coerce=int,
                initial=job.facts["sheet"],
            )
        else:
            names = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("vertical bar")}
            self.fields["separator"] = forms.ChoiceField(
                label=_("Separator"),
                choices=[(each, names[each]) for each in SEPARATORS],
                initial=job.separator,
            )
            self.fields["code_page"] = forms.ChoiceField(
                label=_("Character set"),
                choices=[("", _("Unicode")), *CodePage.choices],
                required=False,
                initial=job.code_page,
            )

    def arguments(self, job: SpreadsheetImport) -> dict[str, Any]:
        """The arguments of ``read_again``. On another sheet the headings are looked for anew."""
        values = dict(self.cleaned_data)
        is_other = any(
            name in values and values[name] != now
            for name, now in (
                ("sheet", job.facts.get("sheet")),
                ("separator", job.separator),
                ("code_page", job.code_page),
            )
        )
        if is_other and values["head_row"] == job.head_row:
            values["head_row"] = None
        return values


class MeetingChoiceField(forms.ModelChoiceField):
    """A list of the meetings that were held, the last one first."""

    def label_from_instance(self, obj: Any) -> str:
        """The title with the day."""
        return f"{date_format(obj.day)} · {obj.title}" if obj.day else obj.title


class ColumnsForm(forms.Form):
    """What the columns mean, the meeting, and what holds for every row that does not say otherwise."""

    meeting = MeetingChoiceField(
        Meeting.objects.none(),
        label=gettext_lazy("Meeting"),
        required=False,
        help_text=gettext_lazy("Where new commitments were agreed or requested. Updates need none."),
    )
    meeting_title = TextField(label=gettext_lazy("Title of a new meeting"), max_length=300, required=False)
    meeting_day = IsoDateField(label=gettext_lazy("Date"), required=False)
    meeting_form = forms.ChoiceField(
        label=pgettext_lazy("of a meeting", "Form"), choices=[*_ANY, *MeetingForm.choices], required=False
    )
    meeting_level = forms.ChoiceField(
        label=pgettext_lazy("of a meeting", "Level"), choices=[*_ANY, *MeetingLevel.choices], required=False
    )
    source_title = TextField(
        label=gettext_lazy("Title of the source"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "New rows become the paragraphs of one source, which is classified like its meeting."
        ),
    )
    parties = forms.MultipleChoiceField(
        label=gettext_lazy("Partner"), required=False, widget=forms.SelectMultiple(attrs={"size": 5})
    )
    obligated = forms.MultipleChoiceField(
        label=gettext_lazy("Responsible"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 5}),
        help_text=gettext_lazy("Where neither the row nor its lead agency says which country must act."),
    )
    nature = forms.ChoiceField(label=gettext_lazy("Nature"), choices=[*_ANY, *Nature.choices], required=False)
    theme = forms.ChoiceField(label=gettext_lazy("Theme"), required=False)
    status = forms.ChoiceField(
        label=gettext_lazy("First status"),
        choices=[(each.value, each.label) for each in first_statuses(Nature.PRINCIPLE)],
        initial="agreed",
    )
    classification = forms.TypedChoiceField(label=gettext_lazy("Classification"), coerce=int, initial=0)
    note = TextField(
        label=gettext_lazy("Note"),
        required=False,
        help_text=gettext_lazy("For the history of each new commitment. Empty: the file and its row."),
    )
    date_order = forms.ChoiceField(
        label=gettext_lazy("What “3/4/2026” means"),
        required=False,
        choices=[
            ("", gettext_lazy("not clear: refuse such days")),
            ("dmy", gettext_lazy("3 April (day first)")),
            ("mdy", gettext_lazy("4 March (month first)")),
        ],
    )

    def __init__(self, data: Any = None, *, job: SpreadsheetImport, user: User) -> None:
        super().__init__(data, initial=_initial(job))
        self.job, self.user = job, user
        fields: dict[str, Any] = self.fields
        held = Meeting.objects.visible_to(user).held()
        fields["meeting"].queryset = held.defer("search_text").order_by("-day", "-pk")
        countries = list(Country.objects.order_by("sort_key", "pk").values_list("code", "name"))
        fields["parties"].choices = [each for each in countries if each[0] != settings.HOME_COUNTRY]
        fields["obligated"].choices = countries
        themes = Theme.objects.order_by("sort_key", "pk").values_list("slug", "name")
        fields["theme"].choices = [*_ANY, *themes]
        fields["classification"].choices = levels_for(user)
        known = [*NOT_IMPORTED, *((each.name, each.label) for each in IMPORTED)]
        for number, (head, name) in enumerate(zip(job.heads, job.columns, strict=True)):
            choices = [*known, (name, _("not imported: follows from others"))] if name in FOLLOWING else known
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=head or _("Column without heading"), choices=choices, initial=name, required=False
            )

    def column_fields(self) -> Iterator[tuple[Any, list[str]]]:
        """Each column, with some of its values."""
        rows = list(self.job.rows.values_list("cells", flat=True)[:200])
        for number, _head in enumerate(self.job.heads):
            yield self[f"column_{number}"], _samples(rows, number)

    def meeting_fields(self) -> list[Any]:
        """The fields of a new meeting."""
        return [self[f"meeting_{name}"] for name in ("title", "day", "form", "level")]

    def row_fields(self) -> list[Any]:
        """The fields that hold for every row that does not say otherwise."""
        names = ("parties", "obligated", "nature", "theme", "status", "classification", "date_order", "note")
        return [self[name] for name in names]

    def clean(self) -> dict[str, Any]:
        """A meeting is either chosen or described."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("meeting_title"):
            if values.get("meeting"):
                self.add_error("meeting", _("Choose a meeting, or describe a new one; not both."))
            for name in ("meeting_day", "meeting_form", "meeting_level"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, _("A new meeting needs this."))
            self._check_meeting(values)
        return values

    def _check_meeting(self, values: dict[str, Any]) -> None:
        day = values.get("meeting_day")
        if day and day > clock.today():
            self.add_error("meeting_day", _("The meeting must have taken place."))
        if self.errors:
            return
        new = Meeting(**self._meeting_columns())
        if found := recorded_already(new, user=self.user):
            text = _("“%(title)s” is recorded already for this day. Choose it above.")
            self.add_error("meeting", text % {"title": found[0].title})

    def _meeting_columns(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {
            "title": values["meeting_title"],
            "starts_on": values["meeting_day"],
            "form": values["meeting_form"],
            "level": values["meeting_level"],
        }

    def arguments(self) -> dict[str, Any]:
        """The arguments of ``configure``."""
        values = self.cleaned_data
        names = ("nature", "theme", "status", "classification", "note", "date_order", "source_title")
        options = {name: values[name] for name in (*names, "parties", "obligated")}
        new = self._meeting_columns() if values.get("meeting_title") else {}
        if new:
            new["starts_on"] = new["starts_on"].isoformat()
        return {
            "columns": [values[f"column_{number}"] for number, _head in enumerate(self.job.heads)],
            "options": options,
            "meeting": values.get("meeting"),
            "new_meeting": new,
        }


def _initial(job: SpreadsheetImport) -> dict[str, Any]:
    new = job.new_meeting
    described = {
        "meeting_title": new.get("title", ""),
        "meeting_day": new.get("starts_on", ""),
        "meeting_form": new.get("form", ""),
        "meeting_level": new.get("level", ""),
    }
    return {"source_title": job.file_name, **job.options, "meeting": job.meeting_id, **described}


def _samples(rows: list[list[Any]], number: int) -> list[str]:
    """The first few different values of a column."""
    values: dict[str, None] = {}
    for cells in rows:
        if number < len(cells) and cells[number] is not None:
            cell = cells[number]
            text = cell if isinstance(cell, str) else str(next(iter(cell.values())))
            values[" ".join(text.split())[:60]] = None
        if len(values) == 3:  # noqa: PLR2004  (enough to recognise a column)
            break
    return list(values)
