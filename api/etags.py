"""Whether a commitment is as it was when somebody read it: a stamp of all that its document is made of."""

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

_GROWING: dict[str, str] = {
    "StatusChange": "commitment",
    "DeadlineChange": "commitment",
    "ProgressUpdate": "commitment",
    "Evidence": "commitment",
    "EvidenceWithdrawal": "evidence__commitment",
}
"""Only ever added to: the last key tells it all."""

_COUNTED: dict[str, tuple[str, ...]] = {
    "CommitmentParty": (),
    "Mention": ("meeting__version",),
    "Assignment": ("version",),
    "Reading": ("version",),
    "Target": ("version",),
}
"""Rows that come, go and change: how many, the last key, and the sum of the versions they depend on."""

_ANY = "\x00"
"""Stands for the reference in the statement; no reference is spelt so."""

_NAMED: dict[str, dict[str, Any]] = {
    "successor": {"pk": OuterRef("successor")},
    "related": {"related": OuterRef("pk")},
    "successors_then": {"named_in__commitment": OuterRef("pk")},
}
"""Other commitments that the document names, where the reader may see them."""


def etag_for(user: User, reference: str) -> str | None:
    """The strong tag of a commitment as ``user`` reads it today, in one query; ``None`` when not visible.

    It changes with the row, with whatever hangs on it, with the day, and with what ``user`` may do. It does
    not change when an account is renamed; the next change of the commitment shows that.
    """
    if "\x00" in reference:  # no text has it, and PostgreSQL refuses to look for it
        return None
    statement = _statement(user.roles, user.is_superuser, user.agency_id, user.clearance)
    if statement is None:
        return None
    sql, values, place = statement
    with connection.cursor() as cursor:
        cursor.execute(sql, (*values[:place], reference, *values[place + 1 :]))
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
    """The statement for all who see alike, its values, and which is the reference; none if they see nothing.

    Put together once: fifteen subqueries take Django longer than PostgreSQL.
    """
    reader = User(is_superuser=is_superuser, agency_id=agency, clearance=clearance)
    vars(reader)["roles"] = roles
    rows: Any = Commitment.objects.visible_to(reader).filter(reference=_ANY).order_by()
    stamped = rows.annotate(**_stamps(reader))
    columns = [each.attname for each in Commitment._meta.concrete_fields if each.attname != "search_text"]
    try:
        sql, values = stamped.values_list(*columns, *stamped.query.annotations).query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, values, values.index(_ANY)


def _stamps(user: User) -> dict[str, Any]:
    growing = {f"of_{name}": _last(name, where) for name, where in _GROWING.items()}
    counted = {f"of_{name}": _in_short(_of(name), versions) for name, versions in _COUNTED.items()}
    named = {f"of_{name}": _named(user, **where) for name, where in _NAMED.items()}
    reworded = apps.get_model("commitments", "HistoricalMention")._default_manager
    words = reworded.filter(commitment=OuterRef("pk")).order_by().values(one=Value(1))
    return {
        **growing,
        **counted,
        "of_words": Subquery(words.annotate(last=Max("history_id")).values("last")),
        **named,
    }


class _Joined(Aggregate):
    """The keys of a group as one text, in whatever order the database meets them."""

    function = "GROUP_CONCAT"
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "STRING_AGG((%(expressions)s)::text, ',')"
        return super().as_sql(compiler, connection, template=template, **extra)


def _named(user: User, **where: Any) -> Subquery:
    """The others that it names, as far as ``user`` may see them, by their keys."""
    seen = Commitment.objects.visible_to(user).filter(**where).order_by().values(one=Value(1))
    return Subquery(seen.annotate(all=_Joined("pk")).values("all"))


def _of(name: str) -> QuerySet[Any]:
    return apps.get_model("commitments", name)._default_manager.filter(commitment=OuterRef("pk")).order_by()


def _last(name: str, where: str) -> Subquery:
    rows = apps.get_model("commitments", name)._default_manager.filter(**{where: OuterRef("pk")}).order_by()
    return Subquery(rows.values(one=Value(1)).annotate(last=Max("pk")).values("last"))


def _in_short(rows: QuerySet[Any], versions: tuple[str, ...]) -> Subquery:
    parts: list[Any] = [Cast(Count("pk"), CharField()), Value("."), Cast(Coalesce(Max("pk"), 0), CharField())]
    parts += [Value(".")]
    parts += [Cast(Coalesce(Sum(F(version)), 0), CharField()) for version in versions]
    whole = Concat(*parts, output_field=CharField())
    return Subquery(rows.values(one=Value(1)).annotate(whole=whole).values("whole"))
