"""Shared by all writers of records with a key: rights, keys, and errors by field."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Right
from core.texts import is_changed
from relations.services.slugs import former_keys, free_key

if TYPE_CHECKING:
    from accounts.models import User

Errors = dict[str, list[str]]
Record = TypeVar("Record", bound=Model)

_REFUSALS = {
    Right.EDIT_REGISTER: gettext_lazy("Only an officer can add and edit meetings and sources."),
    Right.EDIT_BODIES: gettext_lazy(
        "Only an officer or an administrator can add and edit agencies, people and mechanisms."
    ),
    Right.EDIT_REFERENCE_DATA: gettext_lazy("Only an administrator can edit countries and themes."),
}


def require_right(actor: "User", right: Right) -> None:
    """Raise ``PermissionDenied``, naming the roles that have ``right``, unless ``actor`` has it."""
    if not actor.may(right):
        raise PermissionDenied(str(_REFUSALS[right]))


def key_column(record: Model | type[Model]) -> str:
    """The column of the key of ``record``, or of a model: ``code`` of a country, ``slug`` of all others."""
    return "slug" if hasattr(record, "slug") else "code"


def is_seen(actor: "User", record: Model) -> bool:
    """Whether ``actor`` sees ``record``, a meeting or a source: with a desk, it may be another desk's."""
    rows: Any = type(record)._default_manager
    return not actor.desk.is_confined or rows.visible_to(actor).filter(pk=record.pk).exists()


def locked(record: Record) -> Record:
    """``record`` as it is in the database, its row locked for this transaction."""
    rows: Any = type(record)._default_manager
    row: Record = rows.select_for_update(no_key=True).get(pk=record.pk)
    return row


def fill_new(
    record: Any,
    *,
    fields: Mapping[str, Any],
    key: str = "",
    reserved: Collection[str] = (),
    error_columns: Mapping[str, str] | None = None,
) -> Errors:
    """Set the ``fields`` and the key of a new ``record``. Return its errors by column.

    Without ``key``, the key is made from the name. ``error_columns`` maps the name of a constraint to the
    column at which its error is reported.
    """
    for name, value in fields.items():
        setattr(record, name, value)
    column = key_column(record)
    if column == "slug" and not key:
        key = free_key(type(record), str(record), reserved=reserved)
    setattr(record, column, key)
    errors = _errors_of(record, exclude=set(), error_columns=error_columns or {})
    if key in former_keys(type(record)):
        errors.setdefault(column, []).append(
            _("This key belonged to a record that was merged. Choose another.")
        )
    if key in reserved:
        errors.setdefault(column, []).append(_("This key is reserved. Choose another."))
    return errors


def refill(
    record: Any,
    *,
    fields: Mapping[str, Any],
    key: str | None = None,
    error_columns: Mapping[str, str] | None = None,
) -> tuple[list[str], Errors]:
    """Change ``fields`` of ``record``. Return the columns that changed, and their errors.

    A ``key`` must be the one that the record has. Unchanged columns are not validated: their values can be
    older than a rule.
    """
    changed = sorted(name for name, value in fields.items() if is_changed(getattr(record, name), value))
    for name in changed:
        setattr(record, name, fields[name])
    column, errors = key_column(record), Errors()
    if changed:
        others = {field.name for field in record._meta.fields} - set(changed)
        errors = _errors_of(record, exclude=others, error_columns=error_columns or {})
    if key not in (None, getattr(record, column)):
        errors[column] = [
            _("The key stays “%(key)s”, because addresses and references use it.")
            % {"key": getattr(record, column)}
        ]
    return changed, errors


def refuse(errors: Mapping[str, Any]) -> None:
    """Raise ``ValidationError`` with ``errors`` by column, if there are any."""
    if errors:
        raise ValidationError(dict(errors))


@contextmanager
def refuse_duplicates() -> Iterator[None]:
    """Turn ``IntegrityError`` into ``ValidationError``, for two users who save the same record at once."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise ValidationError(
            _("Somebody saved the same record at this moment. Check whether it exists before you try again.")
        ) from error


def _errors_of(record: Any, *, exclude: Collection[str], error_columns: Mapping[str, str]) -> Errors:
    """The errors of columns and of constraints, each constraint at its column in ``error_columns``."""
    errors = Errors()
    try:
        record.full_clean(exclude=exclude, validate_constraints=False)
    except ValidationError as error:
        errors = error.message_dict
    invalid = set(errors)
    for constraint in record._meta.constraints:
        try:
            constraint.validate(type(record), record, exclude=invalid)
        except ValidationError as error:
            column = error_columns.get(constraint.name, NON_FIELD_ERRORS)
            errors.setdefault(column, []).extend(error.messages)
    return errors
