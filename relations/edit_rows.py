"""The rows of edit pages: participants and sources of a meeting, meetings and bases of a source."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from core.texts import form_field
from relations.forms import with_dash_for_empty_choice
from relations.models import Meeting, MeetingSource, Participation, Person, Source

if TYPE_CHECKING:
    from accounts.models import User

ADDED_ROWS = 1
"""The empty rows for participants, sources and meetings that are to be added."""


class RowForm(forms.ModelForm):
    """A row that names another record. A row that exists keeps it: remove it, and add another."""

    named: str

    def __init__(self, *args: Any, editor: "User", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_dash_for_empty_choice(self)
        field: Any = self.fields[self.named]
        field.queryset = offered(field.queryset.model, editor)
        if self.instance.pk:
            field.queryset = field.queryset.filter(pk=getattr(self.instance, f"{self.named}_id"))
            field.empty_label = None
        field.label_from_instance = label_of

    @property
    def row_name(self) -> str:
        """The record that a row names which exists."""
        return label_of(getattr(self.instance, self.named))


class ParticipationForm(RowForm):
    """A participant with the position held then."""

    named = "person"

    class Meta:
        model = Participation
        fields = ["person", "office", "country", "role"]
        formfield_callback = form_field


class SourceOfMeetingForm(RowForm):
    """A source that reports on the meeting."""

    named = "source"

    class Meta:
        model = MeetingSource
        fields = ["source"]


class MeetingOfSourceForm(RowForm):
    """A meeting on which the source reports."""

    named = "meeting"

    class Meta:
        model = MeetingSource
        fields = ["meeting"]


class BasisForm(RowForm):
    """A source on which the source is based."""

    named = "to_source"

    class Meta:
        model = Source.based_on.through
        fields = ["to_source"]
        labels = {"to_source": _("Source")}


def offered(model: type[Model], user: "User") -> QuerySet[Any]:
    """The records that a select list offers to ``user``, in their order."""
    if model is Meeting:
        return Meeting.objects.visible_to(user).defer("search_text").order_by("-day", "pk")
    rows: Any = Source.objects.visible_to(user) if model is Source else model._default_manager
    if model is Person:
        rows = rows.select_related("country").defer("search_text", "country__search_text")
    return rows.defer("search_text", "text") if model is Source else rows.all()


def label_of(record: Any) -> str:
    """A record in a select list, with what tells it from another of the same name."""
    if isinstance(record, Meeting) and (day := record.date_in_words()):
        return pgettext("meeting and date", "%(meeting)s (%(day)s)") % {"meeting": record, "day": day}
    if isinstance(record, Person):
        # Translators: a person and the country, for example "Hun Manet (Cambodia)".
        text = pgettext("person and country", "%(person)s (%(country)s)")
        return text % {"person": record, "country": record.country}
    return str(record)


def rows_of(
    form: type[RowForm],
    record: Model,
    user: "User",
    data: QueryDict | None,
    *,
    prefix: str,
    title: Any,
    fk_name: str,
) -> Any:
    """The formset of the rows of ``record`` that ``user`` may see, with an empty row to add one."""
    made = forms.inlineformset_factory(
        type(record),
        form._meta.model,
        form=form,
        fk_name=fk_name,
        extra=ADDED_ROWS,
        can_delete_extra=False,
    )
    named = offered(form.base_fields[form.named].queryset.model, user)  # type: ignore[attr-defined]
    seen = form._meta.model._default_manager.filter(**{f"{form.named}__in": named.order_by().values("pk")})
    rows: Any = made(data, instance=record, prefix=prefix, queryset=seen, form_kwargs={"editor": user})
    rows.title, rows.row_title = title, form.base_fields[form.named].label
    for each in rows.forms:
        if "DELETE" in each.fields:
            each.fields["DELETE"].label = _("Remove")
    return rows


def kept(rows: Any) -> Iterator[forms.ModelForm]:
    """The forms of the rows that are there after saving."""
    for form in rows.forms:
        if form not in rows.deleted_forms and (form.instance.pk or form.has_changed()):
            yield form
