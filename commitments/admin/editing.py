"""The form for editing a commitment in the admin."""

from typing import Any

from django.contrib import admin

from commitments.edit_forms import CommitmentForm
from commitments.models import Commitment, CommitmentParty
from core.admin.autocomplete import use_autocomplete


class CommitmentAdminForm(CommitmentForm):
    """The form with autocompletes, which the admin saves itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "beneficiaries" in self.fields:
            country = CommitmentParty._meta.get_field("country")
            use_autocomplete(self.fields["beneficiaries"], country, admin.site)

    def _save_m2m(self) -> None:
        if "related" not in self.fields:
            super()._save_m2m()  # type: ignore[misc]
            return
        hidden = self.instance.related.exclude(pk__in=Commitment.objects.visible_to(self.editor))
        self.cleaned_data["related"] = [*self.cleaned_data["related"], *hidden]
        super()._save_m2m()  # type: ignore[misc]
