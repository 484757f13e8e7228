"""The changes beside the workflow that a bulk action can make: agencies, theme and classification."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Right
from commitments.bulk_forms import (
    BulkAgencyForm,
    BulkClassificationForm,
    BulkLeadForm,
    BulkOfficerForm,
    BulkRemovalForm,
    BulkThemeForm,
    NoteForm,
)
from commitments.choices import BulkAct
from commitments.models import Assignment, BulkJob, BulkRow, Commitment
from commitments.reports.actions import Action
from commitments.services.bulk import (
    begin_assignment,
    begin_classification,
    begin_officer,
    begin_removal,
    begin_replacement,
    begin_theme,
)

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Change:
    """A change: its name in the address, its form, and the service that starts the job."""

    name: str
    act: BulkAct
    right: Right
    label: Any
    button: Any
    form: type[NoteForm]
    begin: Callable[..., BulkJob]

    @property
    def is_of_agencies(self) -> bool:
        """Whether the form shows who leads the commitments now."""
        return self.right == Right.ASSIGN


_ASSIGN = Change(
    "assign",
    BulkAct.ASSIGNMENT,
    Right.ASSIGN,
    _("Assign agency"),
    ngettext_lazy("Assign agency to %(n)s commitment", "Assign agency to %(n)s commitments", "count"),
    BulkAgencyForm,
    begin_assignment,
)
_REPLACE = Change(
    "lead",
    BulkAct.LEAD,
    Right.ASSIGN,
    _("Replace lead agency"),
    ngettext_lazy(
        "Replace the lead agency of %(n)s commitment", "Replace the lead agency of %(n)s commitments", "count"
    ),
    BulkLeadForm,
    begin_replacement,
)
_REMOVE = Change(
    "remove",
    BulkAct.REMOVAL,
    Right.ASSIGN,
    _("Remove agency"),
    ngettext_lazy("Remove agency from %(n)s commitment", "Remove agency from %(n)s commitments", "count"),
    BulkRemovalForm,
    begin_removal,
)
_THEME = Change(
    "theme",
    BulkAct.THEME,
    Right.EDIT_REGISTER,
    _("Set theme"),
    ngettext_lazy("Set the theme of %(n)s commitment", "Set the theme of %(n)s commitments", "count"),
    BulkThemeForm,
    begin_theme,
)
_CLASSIFICATION = Change(
    "classification",
    BulkAct.LEVEL,
    Right.EDIT_REGISTER,
    _("Set classification"),
    ngettext_lazy(
        "Set the classification of %(n)s commitment", "Set the classification of %(n)s commitments", "count"
    ),
    BulkClassificationForm,
    begin_classification,
)
_OFFICER = Change(
    "officer",
    BulkAct.OFFICER,
    Right.EDIT_REGISTER,
    _("Officer in charge"),
    ngettext_lazy("Put in charge of %(n)s commitment", "Put in charge of %(n)s commitments", "count"),
    BulkOfficerForm,
    begin_officer,
)
CHANGES = {each.name: each for each in (_ASSIGN, _REPLACE, _REMOVE, _OFFICER, _THEME, _CLASSIFICATION)}


def change_actions(job: BulkJob, user: "User", visible: int) -> list[tuple[Action, int]]:
    """The changes that ``user`` has the right to make, as links, each with the number of rows it is for.

    ``visible`` is the number of rows that ``user`` can see.
    """
    counts = dict.fromkeys(CHANGES, visible) | {_REMOVE.name: _with_agency(job, user)}
    changes = [
        (Action(_address(job, name), str(change.label)), counts[name])
        for name, change in CHANGES.items()
        if counts[name] and user.may(change.right)
    ]
    if visible and user.may(Right.ASSIGN):
        url = f"{reverse('ask_reports')}?{urlencode({'job': job.pk})}"
        changes.append((Action(url, gettext("Ask for a report")), visible))
    return changes


def _with_agency(job: BulkJob, user: "User") -> int:
    """The number of rows to which any agency is assigned."""
    rows = BulkRow.objects.filter(job=job, commitment__in=Commitment.objects.visible_to(user).order_by())
    return rows.filter(Exists(Assignment.objects.filter(commitment=OuterRef("commitment")))).count()


def _address(job: BulkJob, name: str) -> str:
    if name == _ASSIGN.name:
        return reverse("bulk_assign", args=[job.pk])
    return reverse("bulk_change", args=[job.pk, name])
