"""Edits of a registered commitment. Its status and its deadline have services of their own."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.levels import level_errors
from commitments.choices import PartyRole, Status
from commitments.models import Commitment, CommitmentParty, StatusChange, Target
from commitments.services.errors import IsInError, NotYours, RequirementsNotMet
from commitments.services.levels import too_low
from commitments.services.locking import locked_for
from commitments.services.officers import officer_errors
from commitments.services.policy import edit_refusal, may_edit
from commitments.services.registration import party_errors, target_errors
from commitments.workflow import TRANSITIONS, TransitionName
from core.texts import is_changed
from relations.models import Country, Meeting, Paragraph

if TYPE_CHECKING:
    from accounts.models import User


def require_editor(actor: "User", commitment: Commitment) -> None:
    """Raise ``PermissionDenied`` unless ``actor`` can edit any part of ``commitment``.

    Raises ``IsInError`` if it was entered in error.
    """
    if isinstance(refused := edit_refusal(commitment, actor, ["remarks"]), IsInError):
        raise refused
    if not may_edit(actor, commitment):
        raise NotYours(_("Only an officer can edit commitments."))


def nature_errors(commitment: Commitment, nature: str) -> dict[str, list[str]]:
    """The errors of ``nature`` as the new nature of ``commitment``: its status must be possible with it.

    Under review and when closed, the nature cannot be changed at all (``edit_refusal``).
    """
    if commitment.status == Status.STANDING and nature not in TRANSITIONS[TransitionName.UPHOLD].natures:
        return {"nature": [_("A commitment of this nature cannot be a standing duty.")]}
    return {}


def mention_errors(meeting: Meeting | None, paragraph: Paragraph | None) -> dict[str, list[str]]:
    """The errors of ``paragraph`` as a mention at ``meeting``: its source must be one of the meeting's."""
    if meeting is None or paragraph is None:
        return {}
    if meeting.source_links.filter(source=paragraph.source_id).exists():
        return {}
    return {
        "paragraph": [
            _("“%(source)s” is not among the sources of this meeting. Add it to the meeting first.")
            % {"source": paragraph.source}
        ]
    }


def change_based_on(commitment: Commitment, paragraph_id: int) -> StatusChange | None:
    """The first status change of ``commitment`` based on the paragraph; its mention must then stay."""
    return commitment.status_changes.filter(paragraph=paragraph_id).first()


def countries_in(commitment: Commitment, role: PartyRole) -> list[Country]:
    """The countries with ``role`` in ``commitment``, by code."""
    return list(
        Country.objects.filter(commitment_parties__commitment=commitment, commitment_parties__role=role)
        .order_by("code")
        .distinct()
    )


@transaction.atomic
def change_countries(
    *,
    commitment: Commitment,
    actor: "User",
    obligated: Collection[Country] | None = None,
    beneficiaries: Collection[Country] | None = None,
) -> None:
    """Replace the responsible countries, the beneficiaries, or both. The parties never change: they are part
    of the reference.

    Raises ``Commitment.DoesNotExist`` (not visible), ``PermissionDenied``, ``NotEditable`` (under review or
    closed), ``RequirementsNotMet`` by field.
    """
    locked = locked_for(actor, commitment)
    if refused := edit_refusal(locked, actor, _changed_roles(locked, obligated, beneficiaries)):
        raise refused
    if obligated is not None and (errors := party_errors(countries_in(locked, PartyRole.PARTY), obligated)):
        raise RequirementsNotMet(errors)
    for role, wanted in ((PartyRole.OBLIGATED, obligated), (PartyRole.BENEFICIARY, beneficiaries)):
        if wanted is None:
            continue
        existing = {each.country_id: each for each in locked.parties.filter(role=role)}
        keys = {country.pk for country in wanted}
        for key in existing.keys() - keys:
            existing[key].delete()
        for country in sorted(wanted, key=lambda each: each.code):
            if country.pk not in existing:
                CommitmentParty.objects.create(commitment=locked, country=country, role=role)


def _changed_roles(
    commitment: Commitment, obligated: Collection[Country] | None, beneficiaries: Collection[Country] | None
) -> list[str]:
    """The roles whose countries would change, by the names of the arguments."""
    wanted = {"obligated": obligated, "beneficiaries": beneficiaries}
    current = {"obligated": PartyRole.OBLIGATED, "beneficiaries": PartyRole.BENEFICIARY}
    return [
        name
        for name, countries in wanted.items()
        if countries is not None and set(countries) != set(countries_in(commitment, current[name]))
    ]


@transaction.atomic
def edit_commitment(
    *,
    commitment: Commitment,
    actor: "User",
    fields: Mapping[str, Any],
    obligated: Collection[Country] | None = None,
    beneficiaries: Collection[Country] | None = None,
    related: Collection[Commitment] | None = None,
    target: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Commitment:
    """Change the given parts of ``commitment``; an argument of ``None`` leaves its part unchanged.

    ``fields`` are new values by column. ``related`` replaces only related commitments that ``actor`` can see.
    ``target`` has the values to set in the target, which is created if there is none. ``reason`` is stored in
    the field history; a correction of a closed commitment needs it.

    Raises ``Commitment.DoesNotExist`` (not visible), ``PermissionDenied``, ``NotEditable`` (under review or
    closed), ``RequirementsNotMet`` by field.
    """
    locked = locked_for(actor, commitment)
    require_editor(actor, locked)
    changed = {name: value for name, value in fields.items() if is_changed(getattr(locked, name), value)}
    names = [
        *changed,
        *_changed_roles(locked, obligated, beneficiaries),
        *(name for name, given in (("related", related), ("target", target)) if given is not None),
    ]
    if refused := edit_refusal(locked, actor, names, reason=reason):
        raise refused
    if errors := _set_fields(locked, actor, changed, related or ()):
        raise RequirementsNotMet(errors)
    locked._change_reason = reason or None  # type: ignore[attr-defined]
    if changed:
        locked.save(update_fields=sorted(changed))
    if obligated is not None or beneficiaries is not None:
        change_countries(commitment=locked, actor=actor, obligated=obligated, beneficiaries=beneficiaries)
    if related is not None:
        unseen = locked.related.exclude(pk__in=Commitment.objects.visible_to(actor))
        locked.related.set([*related, *unseen])
    if target is not None:
        set_target(commitment=locked, actor=actor, **target)
    return locked


def _set_fields(
    commitment: Commitment, actor: "User", fields: Mapping[str, Any], related: Collection[Commitment]
) -> dict[str, list[str]]:
    """Set ``fields`` on ``commitment`` without saving it; return the errors by field."""
    errors: dict[str, list[str]] = {}
    if "nature" in fields:
        errors |= nature_errors(commitment, fields["nature"])
    if "classification" in fields:
        errors |= level_errors(actor, fields["classification"], stands=commitment.classification)
    for name, value in fields.items():
        setattr(commitment, name, value)
    if "officer" in fields:
        errors |= officer_errors(commitment, fields["officer"])
    if "classification" in fields and not errors.get("classification"):
        errors |= too_low(commitment)
    try:
        commitment.full_clean(validate_unique=False)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            errors.setdefault(name, []).extend(messages)
    if commitment in related:
        errors["related"] = [_("A commitment is not related to itself.")]
    return errors


@transaction.atomic
def set_target(*, commitment: Commitment, actor: "User", **values: Any) -> Target:
    """Set ``values`` (indicator, unit, baseline, value) in the target of ``commitment``, or create one.

    Raises ``PermissionDenied`` and ``RequirementsNotMet`` by field, for example ``target.value``.
    """
    if refused := edit_refusal(commitment, actor, ["target"]):
        raise refused
    target = Target.objects.filter(commitment=commitment).first() or Target(commitment=commitment)
    changed = {name: value for name, value in values.items() if is_changed(getattr(target, name), value)}
    for name, value in changed.items():
        setattr(target, name, value)
    if errors := target_errors(target):
        raise RequirementsNotMet(errors)
    if changed or target._state.adding:
        target.save()
    return target
