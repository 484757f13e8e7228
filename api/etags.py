"""ETags of commitments: one query reads the versions of everything that a commitment's document contains."""

from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Aggregate, CharField, Count, F, Max, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat

from accounts.choices import Role
from accounts.models import User
from commitments.models import Commitment
from core import clock
from core.api.etags import etag_of

_APPEND_ONLY: dict[str, str] = {
    "StatusChange": "commitment",
    "DeadlineChange": "commitment",
    "ProgressUpdate": "commitment",
    "Evidence": "commitment",
    "EvidenceWithdrawal": "evidence__commitment",
}
"""Append-only rows: the last key changes with every new row."""

_CHANGING: dict[str, tuple[str, ...]] = {
    "CommitmentParty": (),
    "Mention": ("meeting__version",),
    "Assignment": ("version",),
    "Reading": ("version",),
    "Target": ("version",),
}
"""Rows that are added, changed and deleted: their number, last key and sum of versions are compared."""

_ANY = "\x00"
"""Placeholder for the reference in the statement. No reference contains it."""

_NAMED: dict[str, dict[str, Any]] = {
    "successor": {"pk": OuterRef("successor")},
    "related": {"related": OuterRef("pk")},
    "successors_then": {"named_in__commitment": OuterRef("pk")},
}
"""Other commitments that the document names, as far as the user may see them."""


def etag_for(user: User, reference: str) -> str | None:
    """The strong ETag of a commitment for ``user`` today, in one query; ``None`` if ``user`` may not see it.

    It changes with the commitment, with the records that belong to it, with the date, and with the rights of
    ``user``. It does not change when an account is renamed or closed: that shows at the next change.
    """
    if "\x00" in reference:  # PostgreSQL refuses NUL in a text, and no reference has it.
        return None
    statement = _statement(user.roles, user.is_superuser, user.agency_id, user.clearance)
    if statement is None:
        return None
    sql, values, position = statement
    with connection.cursor() as cursor:
        cursor.execute(sql, (*values[:position], reference, *values[position + 1 :]))
        row = cursor.fetchone()
    if row is None:
        return None
    others = [sorted((keys or "").split(",")) for keys in row[-len(_NAMED) :]]
    return etag_of(
        row[: -len(_NAMED)],
        others,
        user.pk,
        sorted(user.roles),
        user.agency_id,
        user.clearance,
        clock.today(),
    )


@lru_cache(maxsize=256)
def _statement(
    roles: frozenset[Role], is_superuser: bool, agency: int | None, clearance: int
) -> tuple[str, tuple[Any, ...], int] | None:
    """The statement for users with the same rights, its values, and the position of the reference in them.

    ``None`` if such users see nothing. It is cached: Django takes longer to build its fifteen subqueries than
    PostgreSQL to run them.
    """
    reader = User(is_superuser=is_superuser, agency_id=agency, clearance=clearance)
    vars(reader)["roles"] = roles
    rows: Any = Commitment.objects.visible_to(reader).filter(reference=_ANY).order_by()
    with_versions = rows.annotate(**_versions(reader))
    columns = [each.attname for each in Commitment._meta.concrete_fields if each.attname != "search_text"]
    try:
        sql, values = with_versions.values_list(
            *columns, *with_versions.query.annotations
        ).query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, values, values.index(_ANY)


def _versions(user: User) -> dict[str, Any]:
    append_only = {f"of_{name}": _last(name, where) for name, where in _APPEND_ONLY.items()}
    changing = {
        f"of_{name}": _count_and_versions(_rows(name), versions) for name, versions in _CHANGING.items()
    }
    named = {f"of_{name}": _named(user, **where) for name, where in _NAMED.items()}
    reworded = apps.get_model("commitments", "HistoricalMention")._default_manager
    words = reworded.filter(commitment=OuterRef("pk")).order_by().values(one=Value(1))
    return {
        **append_only,
        **changing,
        "of_words": Subquery(words.annotate(last=Max("history_id")).values("last")),
        **named,
    }


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


def _rows(name: str) -> QuerySet[Any]:
    return apps.get_model("commitments", name)._default_manager.filter(commitment=OuterRef("pk")).order_by()


def _last(name: str, where: str) -> Subquery:
    rows = apps.get_model("commitments", name)._default_manager.filter(**{where: OuterRef("pk")}).order_by()
    return Subquery(rows.values(one=Value(1)).annotate(last=Max("pk")).values("last"))


def _count_and_versions(rows: QuerySet[Any], versions: tuple[str, ...]) -> Subquery:
    parts: list[Any] = [Cast(Count("pk"), CharField()), Value("."), Cast(Coalesce(Max("pk"), 0), CharField())]
    parts += [Value(".")]
    parts += [Cast(Coalesce(Sum(F(version)), 0), CharField()) for version in versions]
    whole = Concat(*parts, output_field=CharField())
    return Subquery(rows.values(one=Value(1)).annotate(whole=whole).values("whole"))
