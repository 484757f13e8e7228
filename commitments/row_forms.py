"""The rows on the edit page of a commitment: its target, and its mentions."""

from typing import Any

from django import forms
from django.db.models import DecimalField, Field
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from commitments.models import Commitment, Mention, Target
from commitments.reports.citations import cite
from core.numbers import NumberField
from core.texts import form_field
from relations.forms import with_dash_for_empty_choice


def _number_or_text(field: "Field[Any, Any]", **kwargs: Any) -> Any:
    return field.formfield(form_class=NumberField) if isinstance(field, DecimalField) else form_field(field)


class TargetForm(forms.ModelForm):
    """The figure to reach."""

    class Meta:
        model = Target
        fields = ["indicator", "unit", "baseline", "value"]
        formfield_callback = _number_or_text


class MentionRowForm(forms.ModelForm):
    """What a paragraph does with the commitment. Another meeting or paragraph is another mention."""

    class Meta:
        model = Mention
        fields = ["kind", "modality", "summary"]
        formfield_callback = form_field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_dash_for_empty_choice(self)

    @property
    def shown(self) -> str:
        """The meeting and the paragraph."""
        # Translators: a meeting and a paragraph of a document.
        text = pgettext("place of a mention", "%(meeting)s: %(paragraph)s")
        return text % {"meeting": self.instance.meeting, "paragraph": cite(self.instance.paragraph).title}


def target_rows(commitment: Commitment, data: QueryDict | None) -> Any:
    """The formset of the target: one row, empty if there is no target."""
    made = forms.inlineformset_factory(
        Commitment, Target, form=TargetForm, extra=1, max_num=1, can_delete=False
    )
    rows: Any = made(data, instance=commitment, prefix="target")
    rows.title = pgettext("record", "Target")
    return rows


def mention_rows(commitment: Commitment, data: QueryDict | None) -> Any:
    """The formset of the mentions. A new one is recorded beside its paragraph."""
    made = forms.inlineformset_factory(Commitment, Mention, form=MentionRowForm, extra=0)
    mentions = Mention.objects.select_related("meeting", "paragraph__source")
    rows: Any = made(
        data, instance=commitment, prefix="mentions", queryset=mentions.defer("paragraph__source__text")
    )
    rows.title = _("Mentions")
    for form in rows.forms:
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Remove")
    return rows
