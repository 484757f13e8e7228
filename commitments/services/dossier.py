"""The stamp of a commitment's dossier: one query reads the keys and versions of everything it consists of."""

import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Aggregate, CharField, Max, OuterRef, QuerySet, Subquery, Sum, Value

from accounts.choices import Role
from accounts.models import Desk, User
from commitments.models import Commitment
from core.batches import batches
from relations.models.searchable import DERIVED_NAMES

if TYPE_CHECKING:
    from commitments.querysets import CommitmentQuerySet

LAST_KEYS: dict[str, str] = {
    "StatusChange": "commitment",
    "DeadlineChange": "commitment",
    "DeadlineProposal": "commitment",
    "DeadlineDecision": "proposal__commitment",
    "Downgrade": "commitment",
    "DowngradeDecision": "proposal__commitment",
    "ProgressUpdate": "commitment",
    "Evidence": "commitment",
    "EvidenceWithdrawal": "evidence__commitment",
    "DayCorrection": "status_change__commitment",
    "EnteredInError": "commitment",
    "Merge": "kept",
    "HistoricalCommitment": "id",
    "HistoricalCommitmentParty": "commitment",
    "HistoricalMention": "commitment",
    "HistoricalAssignment": "commitment",
    "HistoricalTarget": "commitment",
    "HistoricalReading": "commitment",
    "ParagraphVersion": "paragraph__mentions__commitment",
}
"""The rows of a dossier that are only ever added, each with its path to the commitment: append-only rows, and
the field history of the others. The last key changes with every new row."""

_OF_SOURCES = {"ParagraphVersion"}

_ANY = "\x00"
"""Placeholder for the reference in the statement. No reference contains it."""

_NAMED: dict[str, dict[str, Any]] = {
    "successor": {"pk": OuterRef("successor")},
    "related": {"related": OuterRef("pk")},
    "successors_then": {"named_in__commitment": OuterRef("pk")},
}
"""Other commitments that the dossier names, as far as the user may see them."""

_STAMP = re.compile(r"([0-9a-f]{32})((?:\.\d{1,18})*)")


@dataclass(frozen=True, slots=True)
class Stamp:
    """The state of a dossier that somebody has seen: text, parties, deadline, mentions, evidence and so on.

    Two states are the same if their ``digest`` is. ``keys`` are the last keys of its rows, in the order of
    ``LAST_KEYS``: what was added since has higher ones.
    """

    digest: str = ""
    keys: tuple[int, ...] = ()

    def __str__(self) -> str:
        return ".".join([self.digest, *map(str, self.keys)])

    @classmethod
    def read(cls, text: str) -> "Stamp":
        """The stamp in a form. What is missing or malformed is the stamp of no dossier."""
        found = _STAMP.fullmatch(text)
        if found is None:
            return cls()
        return cls(found[1], tuple(map(int, found[2].split(".")[1:])))


def stamp_for(user: User, reference: str) -> Stamp | None:
    """The stamp of a commitment for ``user``, in one query; ``None`` if ``user`` may not see it.

    It changes with the commitment, with the records that belong to it, and with the meetings and the visible
    commitments that it names. It does not change when an account is renamed.
    """
    if "\x00" in reference:  # PostgreSQL refuses NUL in a text, and no reference has it.
        return None
    statement = _statement(user.roles, user.is_superuser, user.agency_id, user.clearance, user.desk)
    if statement is None:
        return None
    sql, values, position = statement
    with connection.cursor() as cursor:
        cursor.execute(sql, (*values[:position], reference, *values[position + 1 :]))
        row = cursor.fetchone()
    return None if row is None else _stamp_of(row)


def is_current(stamp: Stamp, commitment: Commitment, user: User) -> bool:
    """Whether ``stamp`` is the state of the dossier now. It stays so while the commitment is locked."""
    now = stamp_for(user, commitment.reference)
    return now is not None and now.digest == stamp.digest


def stamps_for(user: User, keys: Collection[int]) -> dict[int, Stamp]:
    """The stamp of each commitment in ``keys`` that ``user`` may see, by key, in one query for each batch."""
    found: dict[int, Stamp] = {}
    for batch in batches(keys):
        rows = _selected(Commitment.objects.readable_by(user).filter(pk__in=batch), user)
        try:
            sql, values = rows.query.sql_with_params()
        except EmptyResultSet:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            found |= {row[0]: _stamp_of(row) for row in cursor.fetchall()}
    return found


def _stamp_of(row: tuple[Any, ...]) -> Stamp:
    """The stamp of a row of ``_selected``."""
    values, named = row[: -len(_NAMED)], row[-len(_NAMED) :]
    state = [*values, *(sorted((keys or "").split(",")) for keys in named)]
    text = json.dumps(state, cls=DjangoJSONEncoder)
    keys = values[-len(LAST_KEYS) :]
    return Stamp(hashlib.sha256(text.encode()).hexdigest()[:32], tuple(key or 0 for key in keys))


@lru_cache(maxsize=256)
def _statement(
    roles: frozenset[Role], is_superuser: bool, agency: int | None, clearance: int, desk: Desk
) -> tuple[str, tuple[Any, ...], int] | None:
    """The statement for users with the same rights, its values, and the position of the reference in them.

    ``None`` if such users see nothing. It is cached: Django takes longer to build its subqueries than
    PostgreSQL to run them.
    """
    reader = User(is_superuser=is_superuser, agency_id=agency, clearance=clearance)
    reader.roles, reader.desk = roles, desk
    rows = _selected(Commitment.objects.readable_by(reader).filter(reference=_ANY), reader)
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, values, values.index(_ANY)


def _selected(rows: "CommitmentQuerySet", user: User) -> QuerySet[Any, Any]:
    """Key, columns and versions of ``rows``; the last keys and the commitments that they name come last."""
    versions = _versions(user)
    columns = [each.attname for each in Commitment._meta.concrete_fields if each.attname not in DERIVED_NAMES]
    selected: QuerySet[Any, Any] = rows.order_by().annotate(**versions).values_list(*columns, *versions)
    return selected


def _versions(user: User) -> dict[str, Any]:
    meetings = _rows("Mention", "commitment").values(one=Value(1))
    edits = Subquery(meetings.annotate(edits=Sum("meeting__version")).values("edits"))
    last = {
        f"of_{name}": Subquery(_rows(name, path).values(one=Value(1)).annotate(last=Max("pk")).values("last"))
        for name, path in LAST_KEYS.items()
    }
    named = {f"of_{name}": _named(user, **where) for name, where in _NAMED.items()}
    return {"edits_of_meetings": edits, **last, **named}


class _Joined(Aggregate):
    """The keys of a group as one text, in no particular order."""

    function = "GROUP_CONCAT"
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "STRING_AGG((%(expressions)s)::text, ',')"
        return super().as_sql(compiler, connection, template=template, **extra)


def _named(user: User, **where: Any) -> Subquery:
    """The keys of the commitments that it names, as far as ``user`` may see them."""
    seen = Commitment.objects.visible_to(user).filter(**where).order_by().values(one=Value(1))
    return Subquery(seen.annotate(all=_Joined("pk")).values("all"))


def _rows(name: str, path: str) -> QuerySet[Any]:
    app = "relations" if name in _OF_SOURCES else "commitments"
    rows: QuerySet[Any] = apps.get_model(app, name)._base_manager.filter(**{path: OuterRef("pk")})
    return rows.order_by()
