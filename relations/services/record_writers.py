"""What the writers of records with a key share: the right, the key made once, and faults by column."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Right
from relations.services.slugs import free_key

if TYPE_CHECKING:
    from accounts.models import User

Faults = dict[str, list[str]]
Record = TypeVar("Record", bound=Model)

_WHO = {
    Right.EDIT_REGISTER: gettext_lazy("Only an officer records and edits meetings and sources."),
    Right.EDIT_BODIES: gettext_lazy(
        "Only an officer or an administrator records and edits agencies, people and mechanisms."
    ),
    Right.EDIT_REFERENCE_DATA: gettext_lazy("Only an administrator edits countries and themes."),
}


def require_right(actor: "User", right: Right) -> None:
    """Raise ``PermissionDenied`` with who may, unless ``actor`` may."""
    if not actor.may(right):
        raise PermissionDenied(str(_WHO[right]))


def key_column(record: Model) -> str:
    """Under which column the key of ``record`` stands: the code of a country, the slug of all else."""
    return "slug" if hasattr(record, "slug") else "code"


def locked(record: Record) -> Record:
    """``record`` as it stands, its row kept for this transaction."""
    rows: Any = type(record)._default_manager
    found: Record = rows.select_for_update(no_key=True).get(pk=record.pk)
    return found


def fill_new(
    record: Any,
    *,
    fields: Mapping[str, Any],
    key: str = "",
    reserved: Collection[str] = (),
    said_at: Mapping[str, str] | None = None,
) -> Faults:
    """Fill a new ``record``, its key from its name where none is given; what is wrong with it, by column."""
    for name, value in fields.items():
        setattr(record, name, value)
    column = key_column(record)
    if column == "slug" and not key:
        key = free_key(type(record), str(record), reserved=reserved)
    setattr(record, column, key)
    faults = _faults(record, exclude=set(), said_at=said_at or {})
    if key in reserved:
        faults.setdefault(column, []).append(_("The addresses use this word for themselves."))
    return faults


def refill(
    record: Any,
    *,
    fields: Mapping[str, Any],
    key: str | None = None,
    said_at: Mapping[str, str] | None = None,
) -> tuple[list[str], Faults]:
    """Change ``fields`` of ``record``: the columns that differ now, and what is wrong with them.

    A ``key`` may be named, but none other than the one it has. What is not changed is not judged: it may
    be older than a rule.
    """
    changed = sorted(name for name, value in fields.items() if getattr(record, name) != value)
    for name in changed:
        setattr(record, name, fields[name])
    column, faults = key_column(record), Faults()
    if changed:
        others = {field.name for field in record._meta.fields} - set(changed)
        faults = _faults(record, exclude=others, said_at=said_at or {})
    if key not in (None, getattr(record, column)):
        faults[column] = [
            _("It stays “%(key)s”: addresses and references are made of it.")
            % {"key": getattr(record, column)}
        ]
    return changed, faults


def refuse(faults: Mapping[str, Any]) -> None:
    """Raise ``ValidationError`` by column where there are ``faults``."""
    if faults:
        raise ValidationError(dict(faults))


@contextmanager
def told_apart() -> Iterator[None]:
    """Of two who record the same key at the same moment the second is told so, by ``ValidationError``."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise ValidationError(
            _("Somebody recorded the same at this moment. Look whether it is there before you try again.")
        ) from error


def _faults(record: Any, *, exclude: Collection[str], said_at: Mapping[str, str]) -> Faults:
    """Faults of columns, and of the rules between them at the column that ``said_at`` names for each."""
    faults = Faults()
    try:
        record.full_clean(exclude=exclude, validate_constraints=False)
    except ValidationError as error:
        faults = error.message_dict
    wrong = set(faults)
    for constraint in record._meta.constraints:
        try:
            constraint.validate(type(record), record, exclude=wrong)
        except ValidationError as error:
            column = said_at.get(constraint.name, NON_FIELD_ERRORS)
            faults.setdefault(column, []).extend(error.messages)
    return faults
