"""Merges two countries, agencies, people or mechanisms that are the same (docs/rules.md#merged-records).

``commitments.services.body_unmerging`` undoes it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from accounts.permissions import Right
from commitments.choices import AssignmentRole, BodyKind, PartyRole
from commitments.models import Assignment, BodyMerge, BulkJob, CommitmentParty
from commitments.services.errors import NotYours, RequirementsNotMet
from commitments.services.search import deferred_refresh, found_by, refresh_search_text
from commitments.services.watching import repoint_watches
from core.lists import listed
from core.stored_sentences import StoredSentence
from relations.models import Agency, Country, Mechanism, Meeting, Participation, Person
from relations.services.bodies import RIGHTS
from relations.services.record_writers import key_column, require_right

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

Body = TypeVar("Body", Country, Agency, Person, Mechanism)
REASON = StoredSentence(gettext_noop("Merged with another record.")).stored()
"""The reason in the field history of every row that is changed."""


@dataclass(frozen=True, slots=True)
class Link:
    """A field that names a record. Rows of ``model`` that agree in ``once`` name it once, if there is any."""

    model: Any
    field: str
    once: tuple[str, ...] = ()

    def rows(self, *bodies: Any) -> "QuerySet[Any]":
        """The rows that name one of ``bodies``."""
        keys = [each.pk for each in bodies]
        rows: QuerySet[Any] = self.model._default_manager.filter(**{f"{self.field}__in": keys})
        return rows

    def key(self, row: Any) -> tuple[Any, ...]:
        """What no two rows that name the same record have in common."""
        return tuple(getattr(row, name) for name in self.once)

    @property
    def label(self) -> str:
        """The link in ``BodyMerge.written``."""
        return f"{self.model.__name__}.{self.field}"


LINKS: dict[type[Any], tuple[Link, ...]] = {
    Country: (
        Link(Agency, "country"),
        Link(Person, "country"),
        Link(Meeting, "country"),
        Link(Participation, "country"),
        Link(CommitmentParty, "country", once=("commitment_id", "role")),
    ),
    Agency: (Link(Assignment, "agency", once=("commitment_id",)),),
    Person: (Link(Participation, "person", once=("meeting_id",)),),
    Mechanism: (Link(Meeting, "mechanism"),),
}
"""All that names a record and has a field history. Members of mechanisms, accounts and jobs are apart."""


def merge_refusal(kept: Body, absorbed: Body, actor: User) -> NotYours | RequirementsNotMet | None:
    """Why ``actor`` may not merge the two; ``None`` if it is allowed."""
    if kept.pk == absorbed.pk:
        return RequirementsNotMet({"other": [_("Choose another record: nothing is merged with itself.")]})
    if isinstance(kept, Agency):
        return account_refusal(actor, kept.pk, absorbed.pk)
    message = _DIFFERENT[type(kept)](kept, absorbed, actor) if type(kept) in _DIFFERENT else ""
    return RequirementsNotMet({"other": [message]}) if message else None


def account_refusal(actor: User, *agencies: int) -> NotYours | None:
    """Why ``actor`` may not merge ``agencies``: their accounts see what is assigned to them."""
    if actor.may(Right.MANAGE_USERS) or not User.objects.filter(agency__in=agencies).exists():
        return None
    return NotYours(_("These agencies have accounts, so only an administrator can merge them."))


def _why_countries_differ(kept: Country, absorbed: Country, actor: User) -> str:
    if absorbed.code == settings.HOME_COUNTRY:
        return _("This is the home country of the register. Keep it, and merge the other one into it.")
    parties = CommitmentParty.objects.filter(role=PartyRole.PARTY)
    of_both = parties.filter(
        country=absorbed, commitment__in=parties.filter(country=kept).values("commitment")
    )
    others = parties.exclude(country__in=[kept, absorbed]).values("commitment")
    if of_both.exclude(commitment__in=others).exists():
        return _("A commitment stands between these two countries alone, so they are not the same.")
    return _why_desks_differ(kept, absorbed)


def _why_mechanisms_differ(kept: Mechanism, absorbed: Mechanism, actor: User) -> str:
    sessions = Meeting.objects.exclude(session=None)
    own = sessions.filter(mechanism=kept).values("session")
    if (both := sessions.filter(mechanism=absorbed, session__in=own)).exists():
        seen = both.visible_to(actor).order_by("session").values_list("session", flat=True)
        numbers = listed(str(number) for number in seen) or "–"
        return _(
            "Both have a session of the same number (%(numbers)s). Correct the numbers of these meetings "
            "first."
        ) % {"numbers": numbers}
    return _why_desks_differ(kept, absorbed)


def _why_desks_differ(kept: Country | Mechanism, absorbed: Country | Mechanism) -> str:
    """Whoever is confined to one of the two would see more, or less, than a security officer has decided."""
    one, other = (set(each.desk_accounts.values_list("pk", flat=True)) for each in (kept, absorbed))
    if one == other:
        return ""
    return _(
        "The desk of an account has one of the two and not the other. Ask a security officer to add the "
        "other to it first."
    )


_DIFFERENT: dict[type[Any], Callable[[Any, Any, User], str]] = {
    Country: _why_countries_differ,
    Mechanism: _why_mechanisms_differ,
}


@transaction.atomic
def merge_bodies(*, kept: Body, absorbed: Body, actor: User) -> Body:
    """Merge ``absorbed`` into ``kept``, and return that.

    All that refers to ``absorbed`` refers to ``kept`` afterwards. Where both are named already, the entry of
    ``kept`` stays; it leads if either did. The names of ``absorbed`` become other names of ``kept``, and its
    key leads to ``kept`` until the merge is undone. Raises ``PermissionDenied``, ``RequirementsNotMet``.
    """
    require_right(actor, RIGHTS[type(kept)])
    kept, absorbed = locked_pair(type(kept), kept.pk, absorbed.pk)
    if refused := merge_refusal(kept, absorbed, actor):
        raise refused
    names = names_after(kept, absorbed)
    written: dict[str, Any] = {
        "names": [name for name in names if name not in kept.aliases],
        "keys": absorbed.former_keys,
        "version": absorbed.version,
    }
    kept.aliases = names
    kept.former_keys = sorted(
        {*kept.former_keys, getattr(absorbed, key_column(absorbed)), *absorbed.former_keys}
    )
    with deferred_refresh():
        refresh_search_text([*found_by(absorbed), *found_by(kept)])
        written["links"] = {link.label: _repoint(link, kept, absorbed) for link in LINKS[type(kept)]}
        written |= _repoint_the_rest(kept, absorbed)
        if isinstance(kept, Agency | Country):
            repoint_watches(kept=kept, absorbed=absorbed)
        record: Any
        for record in (absorbed, kept):
            record._change_reason = REASON
        pk, name = absorbed.pk, str(absorbed)
        absorbed.delete()
        kept.save()
    kind = BodyKind(str(kept._meta.model_name))
    BodyMerge.objects.create(kind=kind, kept=kept.pk, absorbed=pk, name=name, written=written, actor=actor)
    return kept


def locked_pair(model: Any, kept: int, absorbed: int) -> Any:
    """Both records as they are in the database, locked in one order. Raises ``DoesNotExist``."""
    found = model._default_manager.select_for_update().filter(pk__in=[kept, absorbed])
    rows = {row.pk: row for row in found.order_by("pk")}
    if rows.keys() != {kept, absorbed}:
        raise model.DoesNotExist
    return rows[kept], rows[absorbed]


def names_after(kept: Any, absorbed: Any) -> list[str]:
    """The other names of ``kept`` afterwards, without duplicates."""
    short = [getattr(absorbed, name, "") for name in ("acronym", "code")]
    own = {kept.name, getattr(kept, "acronym", "")}
    names = dict.fromkeys([*kept.aliases, absorbed.name, *absorbed.aliases, *short])
    return [name for name in names if name and name not in own]


def _repoint(link: Link, kept: Any, absorbed: Any) -> dict[str, list[Any]]:
    """Let the rows name ``kept``. Return what was done; of removed rows, the entries of their history."""
    named = link.rows(kept, absorbed).select_for_update(no_key=True).order_by("pk")
    ours: list[Any] = []
    theirs: list[Any] = []
    for row in named:
        (ours if getattr(row, f"{link.field}_id") == kept.pk else theirs).append(row)
    there = {link.key(row): row for row in ours} if link.once else {}
    written: dict[str, list[Any]] = {"repointed": [], "removed": [], "took_over": []}
    for row in theirs:
        pk, same = row.pk, there.get(link.key(row))
        row._change_reason = REASON
        if same is None:
            setattr(row, link.field, kept)
            row.save()
            written["repointed"].append(pk)
        else:
            row.delete()
            entry = link.model.history.filter(id=pk, history_type="-").latest("history_id")
            written["removed"].append(entry.history_id)
            written["took_over"] += _take_over(same, row)
    return written


def _take_over(same: "Model", removed: "Model") -> list[list[Any]]:
    """Let the assignment that stays lead if either did, and have the focal point of either.

    Return its key with both values before and after, if there was anything to take over.
    """
    if not isinstance(same, Assignment) or not isinstance(removed, Assignment):
        return []
    before = [same.role, same.focal_point_id]
    if removed.role == AssignmentRole.LEAD:
        same.role = removed.role
    if same.focal_point_id is None:
        same.focal_point_id = removed.focal_point_id
    after = [same.role, same.focal_point_id]
    if after == before:
        return []
    same._change_reason = REASON  # type: ignore[attr-defined]
    same.save()
    return [[same.pk, before, after]]


def _repoint_the_rest(kept: Any, absorbed: Any) -> dict[str, Any]:
    """What has no field history of its own: members of mechanisms, accounts, jobs, desks, the note."""
    written: dict[str, Any] = {}
    match absorbed:
        case Agency():
            written["accounts"] = _accounts(absorbed, kept)
            jobs = BulkJob.objects.filter(agency=absorbed)
            written["jobs"] = list(jobs.values_list("pk", flat=True))
            jobs.update(agency=kept)
        case Country():
            written["memberships"] = [
                [mechanism.pk, change_members(mechanism, REASON, add=kept, remove=absorbed)]
                for mechanism in absorbed.mechanisms.order_by("pk")
            ]
            written["desks"] = _leave_desks(absorbed, "desk_countries")
        case Mechanism():
            theirs, ours = (set(body.countries.values_list("pk", flat=True)) for body in (absorbed, kept))
            written["countries"], written["gained"] = sorted(theirs), sorted(theirs - ours)
            kept._change_reason = REASON
            kept.countries.add(*written["gained"])
            written["desks"] = _leave_desks(absorbed, "desk_mechanisms")
            if not kept.note:
                kept.note = written["note"] = absorbed.note
    return written


def _accounts(absorbed: Agency, kept: Agency) -> list[int]:
    accounts = list(User.objects.filter(agency=absorbed).order_by("pk"))
    for account in accounts:
        account.agency = kept
        account.save(update_fields=["agency"])
    return [account.pk for account in accounts]


def change_members(mechanism: Mechanism, reason: str, *, add: Country, remove: Country | None) -> bool:
    """Change the countries of ``mechanism``. Return whether ``add`` was none of them before."""
    mechanism._change_reason = reason  # type: ignore[attr-defined]
    is_new = not mechanism.countries.filter(pk=add.pk).exists()
    if is_new:
        mechanism.countries.add(add)
    if remove is not None:
        mechanism.countries.remove(remove)
    return is_new


def _leave_desks(absorbed: Country | Mechanism, name: str) -> list[int]:
    """Take ``absorbed`` out of the desks, which all have ``kept`` too: an account event tells it."""
    accounts = list(absorbed.desk_accounts.order_by("pk"))
    for account in accounts:
        getattr(account, name).remove(absorbed)
    return [account.pk for account in accounts]
