"""Undoes the merge of two countries, agencies, people or mechanisms (docs/rules.md#merged-records)."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from commitments.choices import BodyKind
from commitments.models import Assignment, BodyMerge, BulkJob
from commitments.services.body_merging import LINKS, Link, account_refusal, change_members
from commitments.services.errors import NotYours, RequirementsNotMet
from commitments.services.search import deferred_refresh, found_by, refresh_search_text
from core.stored_sentences import StoredSentence
from relations.models import Agency, Country, Mechanism, Person
from relations.services.bodies import RIGHTS
from relations.services.record_writers import key_column, require_right

MODELS: dict[str, Any] = {
    BodyKind.COUNTRY: Country,
    BodyKind.AGENCY: Agency,
    BodyKind.PERSON: Person,
    BodyKind.MECHANISM: Mechanism,
}
REASON = StoredSentence(gettext_noop("Merge undone.")).stored()
"""The reason in the field history of every row that is changed."""


def merges_into(record: Any) -> list[BodyMerge]:
    """The merges into ``record`` that are in force, the newest first."""
    rows = BodyMerge.objects.filter(kind=record._meta.model_name, kept=record.pk, undoes=None, undone_by=None)
    return list(rows.select_related("actor").order_by("-recorded_at", "-pk"))


def undo_refusal(done: BodyMerge, actor: User) -> NotYours | RequirementsNotMet | None:
    """Why ``actor`` may not undo ``done``; ``None`` if it is allowed."""
    if hasattr(done, "undone_by"):
        return RequirementsNotMet({"": [_("This merge was undone already.")]})
    if done.kind == BodyKind.AGENCY and done.written["accounts"]:
        return account_refusal(actor, done.kept)
    return None


@transaction.atomic
def undo_body_merge(*, done: BodyMerge, actor: User) -> Any:
    """Undo ``done``, and return the record that was absorbed, which is there again with its key.

    What the merge repointed names it again, unless it was changed to name something else since. What was
    recorded since stays with the record that was kept, and so do edits of its name. Raises
    ``PermissionDenied``, ``RequirementsNotMet``, and ``DoesNotExist`` if the kept record is gone.
    """
    model = MODELS[done.kind]
    require_right(actor, RIGHTS[model])
    kept = model._default_manager.select_for_update().get(pk=done.kept)
    done = BodyMerge.objects.get(pk=done.pk)
    if refused := undo_refusal(done, actor):
        raise refused
    BodyMerge.objects.create(
        kind=done.kind, kept=done.kept, absorbed=done.absorbed, name=done.name, undoes=done, actor=actor
    )
    with deferred_refresh():
        refresh_search_text(found_by(kept))
        names = set(done.written["names"])
        kept.aliases = [name for name in kept.aliases if name not in names]
        record = _record_again(model, done)
        keys = {getattr(record, key_column(record)), *record.former_keys}
        kept.former_keys = [key for key in kept.former_keys if key not in keys]
        for link in LINKS[model]:
            _restore(link, done.written["links"][link.label], kept, record)
        _restore_the_rest(kept, record, done.written)
        kept._change_reason = REASON
        kept.save()
        refresh_search_text(found_by(record))
    return record


def _record_again(model: Any, done: BodyMerge) -> Any:
    """The absorbed record, from its field history."""
    last = model.history.filter(id=done.absorbed, history_type="-").latest("history_id")
    record = last.instance
    record.former_keys, record.version = done.written["keys"], done.written["version"] + 1
    try:
        record.validate_unique()
    except ValidationError as error:
        raise RequirementsNotMet({"": error.messages}) from error
    record._change_reason = REASON
    record.save(force_insert=True)
    if isinstance(record, Mechanism):
        record.countries.set(Country.objects.filter(pk__in=done.written["countries"]))
    return record


def _restore(link: Link, written: dict[str, list[Any]], kept: Any, record: Any) -> None:
    """Let what was repointed name ``record`` again, unless it names something else by now."""
    for row in link.rows(kept).filter(pk__in=written["repointed"]).select_for_update(no_key=True):
        setattr(row, link.field, record)
        row._change_reason = REASON
        row.save()
    for entry in link.model.history.filter(history_id__in=written["removed"]).order_by("history_id"):
        _row_again(entry)
    for pk, before, after in written["took_over"]:
        same = Assignment.objects.select_for_update(no_key=True).filter(pk=pk).first()
        if same is not None and [same.role, same.focal_point_id] == after:
            same.role, same.focal_point_id = before
            same._change_reason = REASON  # type: ignore[attr-defined]
            same.save()


def _row_again(entry: Any) -> None:
    """Add the row again that the merge removed, if all that it names is still there."""
    row = entry.instance
    try:
        row.clean_fields()
    except (ValidationError, ObjectDoesNotExist):
        return
    row._change_reason = REASON
    row.save(force_insert=True)


def _restore_the_rest(kept: Any, record: Any, written: dict[str, Any]) -> None:
    match record:
        case Agency():
            for account in User.objects.filter(pk__in=written["accounts"], agency=kept):
                account.agency = record
                account.save(update_fields=["agency"])
            BulkJob.objects.filter(pk__in=written["jobs"], agency=kept).update(agency=record)
        case Country():
            gained = dict(written["memberships"])
            for mechanism in Mechanism.objects.filter(pk__in=gained, countries=kept):
                change_members(mechanism, REASON, add=record, remove=kept if gained[mechanism.pk] else None)
        case Mechanism():
            kept._change_reason = REASON
            kept.countries.remove(*written["gained"])
            if written.get("note") and kept.note == written["note"]:
                kept.note = ""
    if "desks" in written:
        name = "desk_countries" if isinstance(record, Country) else "desk_mechanisms"
        for account in User.objects.filter(pk__in=written["desks"], **{name: kept}):
            getattr(account, name).add(record)
