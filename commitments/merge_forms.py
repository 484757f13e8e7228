"""The forms that choose the other commitment of a merge, merge the two, and undo it."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.forms import RefusableForm
from commitments.models import Commitment
from commitments.search_fields import CommitmentByReference
from commitments.services.dossier import Stamp
from core.texts import TextField

if TYPE_CHECKING:
    from accounts.models import User
    from commitments.reports.merge_preview import MergePreview


class OtherForm(forms.Form):
    """Which commitment is the same as the one of the page."""

    other = CommitmentByReference(
        Commitment.objects.none(),
        label=gettext_lazy("The same commitment"),
        help_text=gettext_lazy("Its reference, or words of its title or text."),
        error_messages={"required": gettext_lazy("Choose the commitment that is the same.")},
    )


def other_of(query: QueryDict, *, kept: Commitment, user: "User") -> OtherForm:
    """The form with the commitment that the address names, if any."""
    form = OtherForm(query if "other" in query else None)
    other: Any = form.fields["other"]
    other.queryset = Commitment.objects.visible_to(user).exclude(pk=kept.pk)
    return form


class _WithReason(RefusableForm):
    """A form that a service may refuse for good: ``conflict`` keeps the sentence that says why."""

    status = HTTPStatus.OK
    reason = TextField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Write the reason. It stays in the history.")},
    )

    def full_clean(self) -> None:
        """Validate, and answer 400 where there are errors."""
        super().full_clean()
        if self.is_bound and self.errors:
            self.status = HTTPStatus.BAD_REQUEST

    def conflict(self, message: str) -> None:
        """Add the reason why it is not possible now (409)."""
        self.add_error(None, message)
        self.status = HTTPStatus.CONFLICT

    def arguments(self) -> dict[str, Any]:
        """The arguments of the service, from valid input."""
        return {"reason": self.cleaned_data["reason"]}


class MergeForm(_WithReason):
    """The reason of a merge, and what the reviewer has seen of both."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = ("reason", "seen")

    def __init__(self, data: QueryDict | None, *, preview: "MergePreview") -> None:
        super().__init__(data, initial={"seen": " ".join(map(str, preview.stamps))})
        self.preview = preview

    def clean(self) -> dict[str, Any]:
        """Show why the two cannot be merged, before anybody writes a reason in vain."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.preview.refused:
            self.conflict(self.preview.refused)
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """The arguments of ``merge`` other than the two commitments."""
        seen = [Stamp.read(each) for each in self.cleaned_data["seen"].split()]
        return super().arguments() | {"seen": seen or [Stamp(), Stamp()]}


class UndoMergeForm(_WithReason):
    """The reason why a merge is undone."""

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data)
        self.fields["reason"].help_text = _("Why they are not the same.")
