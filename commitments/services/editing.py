"""What may change in a commitment once it is registered, beside its status and its deadline."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Right
from commitments.choices import CLOSED, PartyRole, Status
from commitments.models import Commitment, CommitmentParty, StatusChange
from commitments.services.errors import NotYours, RequirementsNotMet
from commitments.services.registration import party_errors
from commitments.workflow import TRANSITIONS, Name, outcomes
from relations.models import Country, Meeting, Paragraph

if TYPE_CHECKING:
    from accounts.models import User


def nature_errors(commitment: Commitment, nature: str) -> dict[str, list[str]]:
    """What stands against giving ``commitment`` another nature: its status must make sense with it."""
    status, proposed = Status(commitment.status), None
    if status == Status.UNDER_REVIEW:
        last = commitment.status_changes.order_by("-number").first()
        proposed = last.outcome if last else None
    decided = status if status in CLOSED else proposed
    came_from = commitment.review_from or Status.AGREED
    if decided and decided not in outcomes(nature, came_from):
        label = Status(decided).label
        return {
            "nature": [_("A commitment of this nature cannot end as “%(outcome)s”.") % {"outcome": label}]
        }
    if status == Status.STANDING and nature not in TRANSITIONS[Name.UPHOLD].natures:
        return {"nature": [_("A commitment of this nature cannot be a standing duty.")]}
    return {}


def mention_errors(meeting: Meeting | None, paragraph: Paragraph | None) -> dict[str, list[str]]:
    """What is wrong with quoting ``paragraph`` as said at ``meeting``: its source must report on it."""
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


def rests_on(commitment: Commitment, paragraph_id: int) -> StatusChange | None:
    """The status change that rests on the paragraph: while there is one, the mention of it stays."""
    return commitment.status_changes.filter(paragraph=paragraph_id).first()


def countries_in(commitment: Commitment, role: PartyRole) -> list[Country]:
    """The countries that stand to ``commitment`` in ``role``, by code."""
    return list(
        Country.objects.filter(pledges__commitment=commitment, pledges__role=role).order_by("code").distinct()
    )


@transaction.atomic
def change_countries(
    *,
    commitment: Commitment,
    actor: "User",
    obligated: Collection[Country],
    beneficiaries: Collection[Country],
) -> None:
    """Say anew which parties must act and who gains. The parties stay: the reference is made of them.

    Raises ``Commitment.DoesNotExist`` (not visible), ``PermissionDenied``, ``RequirementsNotMet`` by field.
    """
    locked = Commitment.objects.visible_to(actor).select_for_update(no_key=True).get(pk=commitment.pk)
    if not actor.may(Right.EDIT_REGISTER):
        raise NotYours(_("Only an officer edits a commitment."))
    if errors := party_errors(countries_in(locked, PartyRole.PARTY), obligated):
        raise RequirementsNotMet(errors)
    for role, wanted in ((PartyRole.OBLIGATED, obligated), (PartyRole.BENEFICIARY, beneficiaries)):
        held = {each.country_id: each for each in locked.parties.filter(role=role)}
        keys = {country.pk for country in wanted}
        for key in held.keys() - keys:
            held[key].delete()
        for country in sorted(wanted, key=lambda each: each.code):
            if country.pk not in held:
                CommitmentParty.objects.create(commitment=locked, country=country, role=role)
