"""Asking focal points for a report, and what ends such a request."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import User
from accounts.permissions import Right
from commitments.choices import OPEN, AssignmentRole
from commitments.models import Assignment, Commitment, ProgressUpdate, ReportRequest, ReportRequestEnd
from commitments.services.errors import NotYours, RequirementsNotMet
from core import clock

if TYPE_CHECKING:
    pass

MOST_ASKED = 500
"""The most commitments that one act asks about."""
LATEST = 366
"""The most days that an answer may take."""


class RequestEnded(Exception):
    """A request was answered or withdrawn before."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking: the new requests, and the references about which nobody or nobody new is asked."""

    requests: tuple[ReportRequest, ...]
    without_focal_point: tuple[str, ...]
    asked_before: tuple[str, ...]


def require_asker(actor: User) -> None:
    """Raise ``PermissionDenied`` unless ``actor`` may ask for reports: an officer."""
    if not actor.may(Right.ASSIGN):
        raise NotYours(_("Only an officer can ask for a report."))


@transaction.atomic
def ask_for_reports(*, commitments: Collection[int], actor: User, due_on: dt.date, note: str = "") -> Asked:
    """Ask the focal points of ``commitments`` (primary keys) for a report by ``due_on``.

    Those named as focal points are asked, first of all those of lead agencies; where none is named, every
    focal point of the lead agencies. Nobody is asked about what they may not see, nor twice at a time. What
    is closed, or not visible to ``actor``, is left out. Raises ``PermissionDenied``, ``RequirementsNotMet``.
    """
    require_asker(actor)
    today = clock.today()
    errors: dict[str, list[str]] = {}
    if not today <= due_on <= today + dt.timedelta(days=LATEST):
        message = _("Choose a day from %(first)s to %(last)s.")
        last = today + dt.timedelta(days=LATEST)
        errors["due_on"] = [message % {"first": date_format(today), "last": date_format(last)}]
    if len(commitments) > MOST_ASKED:
        errors["__all__"] = [_("At most %(n)d commitments can be asked about at once.") % {"n": MOST_ASKED}]
    if errors:
        raise RequirementsNotMet(errors)
    visible = Commitment.objects.visible_to(actor).filter(pk__in=commitments, status__in=OPEN)
    locked = Commitment.objects.select_for_update(no_key=True, of=("self",)).filter(
        pk__in=list(visible.order_by().values_list("pk", flat=True))
    )
    rows = {row.pk: row for row in locked.order_by("prefix", "year", "serial")}
    addressees = _addressees(rows)
    waiting = set(
        ReportRequest.objects.open().filter(commitment__in=rows).values_list("commitment", "addressee")
    )
    values = {"due_on": due_on, "note": note.strip(), "asked_on": today, "actor": actor}
    new, nobody, before = [], [], []
    for key, row in rows.items():
        people = addressees.get(key, [])
        missing = [person for person in people if (key, person.pk) not in waiting]
        if not people:
            nobody.append(row.reference)
        elif not missing:
            before.append(row.reference)
        new += [ReportRequest(commitment=row, addressee=person, **values) for person in missing]
    return Asked(tuple(ReportRequest.objects.bulk_create(new)), tuple(nobody), tuple(before))


def _addressees(rows: Collection[int]) -> dict[int, list[User]]:
    """Whom to ask about each commitment: of the focal points that it has, only those who may see it."""
    assignments = list(Assignment.objects.filter(commitment__in=rows).select_related("focal_point"))
    leads = [each for each in assignments if each.role == AssignmentRole.LEAD]
    in_role = User.objects.filter(is_active=True, groups__name=Role.FOCAL_POINT)
    colleagues: dict[int | None, list[User]] = {}
    for account in in_role.filter(agency__in={each.agency_id for each in leads}).order_by("pk"):
        colleagues.setdefault(account.agency_id, []).append(account)
    found: dict[int, list[User]] = {}
    for key in rows:
        own = [each for each in assignments if each.commitment_id == key]
        leading = [each for each in own if each.role == AssignmentRole.LEAD]
        in_agencies = [person for each in leading for person in colleagues.get(each.agency_id, ())]
        found[key] = _named(leading) or _named(own) or in_agencies
    people = {person.pk: person for several in found.values() for person in several}
    seen = {pk: _seen_by(person, rows) for pk, person in people.items()}
    return {key: [person for person in several if key in seen[person.pk]] for key, several in found.items()}


def _named(assignments: Iterable[Assignment]) -> list[User]:
    people = {each.focal_point_id: each.focal_point for each in assignments if each.focal_point}
    return [person for person in people.values() if person.is_active]


def _seen_by(person: User, rows: Collection[int]) -> set[int]:
    visible = Commitment.objects.visible_to(person).filter(pk__in=rows)
    return set(visible.order_by().values_list("pk", flat=True))


def answer_requests(update: ProgressUpdate, *, actor: User, by_mail_link: bool = False) -> None:
    """End the open requests that ``update`` of ``actor`` answers, in the transaction of the caller.

    A report answers those to ``actor``, and those to others of the same agency: it speaks for the agency.
    """
    theirs = Q(addressee=actor)
    if actor.agency_id is not None and Role.FOCAL_POINT in actor.roles:
        theirs |= Q(addressee__agency=actor.agency_id)
    waiting = ReportRequest.objects.filter(theirs, commitment=update.commitment_id, end=None)
    ReportRequestEnd.objects.bulk_create(
        ReportRequestEnd(request=each, progress_update=update, by_mail_link=by_mail_link, actor=actor)
        for each in waiting
    )


@transaction.atomic
def withdraw_request(*, request: ReportRequest, actor: User) -> bool:
    """Withdraw ``request``, so that nobody is reminded any more. Return whether it was still open.

    Raises ``PermissionDenied``, ``Commitment.DoesNotExist`` (not visible).
    """
    require_asker(actor)
    Commitment.objects.visible_to(actor).select_for_update(no_key=True, of=("self",)).get(
        pk=request.commitment_id
    )
    if ReportRequestEnd.objects.filter(request=request).exists():
        return False
    ReportRequestEnd.objects.create(request=request, actor=actor)
    return True
