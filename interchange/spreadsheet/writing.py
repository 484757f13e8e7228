"""Writes what a row changes, by the services of the register, and takes it back."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from commitments.choices import AssignmentRole, PartyRole, ProposalState
from commitments.models import Assignment, Commitment, Mention, ProgressUpdate, Target
from commitments.querysets import AsOf
from commitments.reports.rows import detailed_rows
from commitments.services.assignments import assign, remove_agency
from commitments.services.deadline_proposals import decide_deadline, is_proposed, propose_deadline
from commitments.services.deadlines import Window, window_of
from commitments.services.editing import countries_in, edit_commitment
from commitments.services.entered_in_error import enter_in_error
from commitments.services.errors import ChangedSince
from commitments.services.mentions import record_mention, take_back_mention
from commitments.services.progress import record_progress
from commitments.services.registration import FirstMention
from core.stored_sentences import StoredSentence
from interchange.exports.versions import version_of
from interchange.spreadsheet.updates import Update
from relations.models import Agency, Country

IMPORTED = StoredSentence(gettext_noop("Imported from “%(file)s”, row %(row)s."))
TAKEN_BACK = StoredSentence(gettext_noop("Import of “%(file)s”, row %(row)s, taken back."))
_ROLES = {"lead_agency": AssignmentRole.LEAD, "support_agencies": AssignmentRole.SUPPORT}
Written = dict[str, Any]


@transaction.atomic
def write_update(update: Update, *, actor: User, reason: str) -> Written:
    """Write ``update``; return the former values, from which ``restore`` brings them back.

    Raises what the services raise.
    """
    commitment = update.commitment
    obligated, beneficiaries = update.records("obligated"), update.records("beneficiaries")
    before = _values(update, obligated, beneficiaries)
    if update.fields or obligated is not None or beneficiaries is not None or update.target:
        edit_commitment(
            commitment=commitment,
            actor=actor,
            fields=update.fields,
            obligated=obligated,
            beneficiaries=beneficiaries,
            target=update.target,
            reason=reason,
        )
    window = update.window
    if window is not None and window != window_of(commitment) and not is_proposed(window, commitment):
        before["proposal"] = propose_deadline(
            commitment=commitment, actor=actor, window=window, reason=reason
        ).pk
    _assign(update, actor, reason)
    if progress := update.progress:
        before["progress"] = record_progress(
            commitment=commitment, actor=actor, **dict[str, Any](progress)
        ).pk
    return {"before": before, "version": _version(commitment, actor)}


def _values(update: Update, obligated: Any, beneficiaries: Any) -> Written:
    """The values in the register of what ``update`` changes."""
    commitment, before = update.commitment, Written()
    if update.fields:
        columns = {name: commitment._meta.get_field(name).attname for name in update.fields}  # type: ignore[union-attr]
        before["fields"] = {column: getattr(commitment, column) for column in columns.values()}
    if obligated is not None:
        before["obligated"] = [each.code for each in countries_in(commitment, PartyRole.OBLIGATED)]
    if beneficiaries is not None:
        before["beneficiaries"] = [each.code for each in countries_in(commitment, PartyRole.BENEFICIARY)]
    if any(name in update.changes for name in _ROLES):
        rows = Assignment.objects.filter(commitment=commitment).order_by("pk")
        before["agencies"] = [list(row) for row in rows.values_list("agency_id", "role", "focal_point_id")]
    if update.target:
        target = Target.objects.filter(commitment=commitment).first()
        before["target"] = target and [target.indicator, f"{target.value:f}", target.unit]
    return before


def _assign(update: Update, actor: User, reason: str) -> None:
    """Assign the agencies that the sheet names in a role, and remove those that it no longer names."""
    commitment = update.commitment
    for name, role in _ROLES.items():
        wanted: list[Agency] | None = update.records(name)
        if wanted is None:
            continue
        now = Assignment.objects.filter(commitment=commitment, role=role).select_related("agency")
        for each in now:
            if each.agency not in wanted:
                remove_agency(commitment=commitment, actor=actor, agency=each.agency, note=reason)
        held = {each.agency_id: each for each in Assignment.objects.filter(commitment=commitment)}
        for agency in wanted:
            existing = held.get(agency.pk)
            if existing is None or existing.role != role:
                focal_point = existing.focal_point if existing else None
                assign(
                    commitment=commitment,
                    actor=actor,
                    agency=agency,
                    role=role,
                    focal_point=focal_point,
                    note=reason,
                )


def _version(commitment: Commitment, actor: User) -> str:
    rows = detailed_rows([commitment.pk], user=actor, when=AsOf.now())
    return version_of(rows[0]) if rows else ""


def write_mention(mention: FirstMention, commitment: Commitment, *, actor: User) -> Written:
    """Record ``mention`` of a commitment that is registered already."""
    made = record_mention(
        commitment=commitment,
        actor=actor,
        meeting=mention.meeting,
        paragraph=mention.paragraph,
        kind=mention.kind,
        modality=mention.modality,
    )
    return {"mention": made.pk}


def write_progress(commitment: Commitment, progress: Mapping[str, str], *, actor: User) -> Written:
    """Record what a row reports on a commitment, if it reports anything."""
    return (
        {"progress": record_progress(commitment=commitment, actor=actor, **dict[str, Any](progress)).pk}
        if progress
        else {}
    )


# -- taking back -----------------------------------------------------------------------------------------


@transaction.atomic
def take_back(commitment: Commitment, written: Written, *, actor: User, reason: str) -> None:
    """Undo what a row wrote: a new commitment is entered in error, a former value is given back.

    Raises ``ChangedSince`` where something was changed since, and what the services raise.
    """
    if progress := written.get("progress") or written.get("before", {}).get("progress"):
        _withdraw_progress(commitment, progress, actor, reason)
    if written.get("new"):
        enter_in_error(thing=commitment, actor=actor, reason=reason)
    elif pk := written.get("mention"):
        found = Mention.objects.filter(pk=pk, commitment=commitment).first()
        if found is not None:
            take_back_mention(mention=found, actor=actor)
    elif "before" in written:
        _restore(commitment, written["before"], actor, reason)


def require_unchanged(commitment: Commitment, written: Written, *, actor: User) -> None:
    """Raise ``ChangedSince`` if an updated commitment was changed after the import."""
    if "version" in written and _version(commitment, actor) != written["version"]:
        raise ChangedSince(
            _("%(reference)s was changed after the import. It stays as it is now.")
            % {"reference": commitment.reference}
        )


def _withdraw_progress(commitment: Commitment, pk: int, actor: User, reason: str) -> None:
    update = ProgressUpdate.objects.filter(pk=pk, commitment=commitment).first()
    if update is not None:
        enter_in_error(thing=update, actor=actor, reason=reason)


def _withdraw_proposal(commitment: Commitment, pk: int, actor: User, reason: str) -> None:
    """Withdraw the deadline that the row proposed, if nobody has decided on it."""
    proposal = commitment.deadline_proposals.filter(pk=pk, state=ProposalState.PROPOSED).first()
    if proposal is not None:
        decide_deadline(proposal=proposal, actor=actor, decision=ProposalState.WITHDRAWN, note=reason)


def _restore(commitment: Commitment, before: Written, actor: User, reason: str) -> None:
    try:
        fields = {
            str(Commitment._meta.get_field(column).name): _stored(column, value)
            for column, value in before.get("fields", {}).items()
        }
    except ObjectDoesNotExist as gone:
        raise ChangedSince(_("Unchanged: what was there before is no longer in the register.")) from gone
    if "target" in before and before["target"] is None:
        raise ChangedSince(_("A target that the import added cannot be removed."))
    target = dict(zip(("indicator", "value", "unit"), before.get("target") or (), strict=False))
    if fields or target or "obligated" in before or "beneficiaries" in before:
        edit_commitment(
            commitment=commitment,
            actor=actor,
            fields=fields,
            obligated=_countries(before.get("obligated")),
            beneficiaries=_countries(before.get("beneficiaries")),
            target=target or None,
            reason=reason,
        )
    if "proposal" in before:
        _withdraw_proposal(commitment, before["proposal"], actor, reason)
    if "window" in before:  # Until deadlines were proposed, an import changed them.
        wording, *days = before["window"]
        window = Window(wording, *(_day(each) for each in days))
        propose_deadline(commitment=commitment, actor=actor, window=window, reason=reason)
    if "agencies" in before:
        _restore_agencies(commitment, before["agencies"], actor, reason)


def _stored(column: str, value: Any) -> Any:
    """The value of a column; the record that a key names."""
    related = Commitment._meta.get_field(column).related_model
    return value if related is None or value is None else related._default_manager.get(pk=value)


def _countries(codes: list[str] | None) -> list[Country] | None:
    return None if codes is None else list(Country.objects.filter(code__in=codes))


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _restore_agencies(commitment: Commitment, former: list[list[Any]], actor: User, reason: str) -> None:
    keys = {agency for agency, _role, _focal_point in former}
    for each in Assignment.objects.filter(commitment=commitment).exclude(agency__in=keys):
        remove_agency(commitment=commitment, actor=actor, agency=each.agency, note=reason)
    agencies = Agency.objects.in_bulk(keys)
    people = User.objects.in_bulk([person for _agency, _role, person in former if person])
    for agency, role, person in former:
        if agency not in agencies:
            raise ChangedSince(_("Unchanged: what was there before is no longer in the register."))
        assign(
            commitment=commitment,
            actor=actor,
            agency=agencies[agency],
            role=role,
            focal_point=people.get(person),
            note=reason,
        )
