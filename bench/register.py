"""Creates a large register: copies of the shipped one for sixty countries over two decades, made in SQL.

A *cell* is one copy: the 77 commitments and 151 mentions with their meetings, sources and paragraphs, for one
partner and one year. The distribution of natures, statuses, themes, deadlines, mentions, agencies and obligated
countries is therefore that of the shipped register, at any size. Field histories are not copied.
"""

import hashlib
import random
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max, OuterRef, Subquery
from psycopg import sql

from bench.accounts import write_accounts
from bench.databases import server, using
from bench.settings import BASE_DIR, DATABASES
from bench.texts import PARTNERS, REWRITTEN, SHIPPED, Rewrite, Texts
from commitments.models import (
    Assignment,
    Commitment,
    CommitmentParty,
    DeadlineChange,
    Evidence,
    Mention,
    ProgressUpdate,
    Reading,
    ReferenceCounter,
    StatusChange,
    Target,
)
from commitments.services.references import format_reference
from commitments.services.search import refresh_search_text
from relations.models import (
    Agency,
    Country,
    Mechanism,
    Meeting,
    MeetingSource,
    Paragraph,
    Participation,
    Person,
    Source,
)

FIXTURE = BASE_DIR / "commitments" / "fixtures" / "viet-nam-cambodia.yaml"
SEED = 2026
YEARS = 18
HOME = "VN"
BILATERAL = ("joint-committee", "border-provinces", "two-party", "defence-dialogue")
"""Mechanisms that each partner has separately. All partners share the others."""

COPIED: tuple[type[models.Model], ...] = (
    Source,
    Source.based_on.through,
    Paragraph,
    Meeting,
    MeetingSource,
    Participation,
    Commitment,
    Commitment.related.through,
    CommitmentParty,
    Assignment,
    Target,
    Reading,
    StatusChange,
    DeadlineChange,
    ProgressUpdate,
    Evidence,
    Mention,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One copy: its number from 1, its partner, how many years earlier it is, and its number for the partner."""

    n: int
    partner: int
    years: int
    nth: int


def cells_for(commitments: int, in_one: int) -> list[Cell]:
    """The cells for ``commitments``, oldest first, with more for the first partners and for recent years."""
    generator = random.Random(SEED)  # noqa: S311
    count = -(-commitments // in_one) - 1
    partners = generator.choices(range(len(PARTNERS)), [1 / (n + 3) for n in range(len(PARTNERS))], k=count)
    years = sorted(generator.choices(range(YEARS), [0.93**n for n in range(YEARS)], k=count), reverse=True)
    seen = [0] * len(PARTNERS)
    cells = []
    for n, (partner, back) in enumerate(zip(partners, years, strict=True), start=1):
        seen[partner] += 1
        cells.append(Cell(n, partner, back, seen[partner]))
    return cells


def ensure(alias: str, size: int) -> bool:
    """Create the database of ``alias`` with ``size`` commitments, or use a complete one. Return whether it is new."""
    name, comment = DATABASES[alias]["NAME"], _comment(size)
    with server() as admin:
        found = admin.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        is_new = found is None or found[0] != comment
        if is_new:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    with using(alias):
        call_command("migrate", verbosity=0)
        if is_new:
            _fill(size)
        write_accounts()
        with connection.cursor() as cursor:
            # Autovacuum leaves a table that is mostly read in this state: analyzed, and marked all-visible.
            cursor.execute("VACUUM (ANALYZE)")
    with server() as admin:
        admin.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(comment))
        )
    return is_new


def _comment(size: int) -> str:
    """Identifies the inputs of the database: one with other inputs is created again."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for path in (FIXTURE, folder / "register.py", folder / "texts.py", folder / "partners.txt"):
        digest.update(path.read_bytes())
    return f"complete, {size} of {digest.hexdigest()}"


def _fill(commitments: int) -> None:
    call_command("load_register", str(FIXTURE), verbosity=0)
    strides = {model: model._default_manager.aggregate(n=Max("pk"))["n"] or 0 for model in COPIED}
    cells = cells_for(commitments, Commitment.objects.count())
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        restore = _drop_constraints(cursor, [model._meta.db_table for model in COPIED])
        _write_partners(cursor)
        _write_cells(cursor, cells)
        _write_texts(cursor, cells)
        for model in COPIED:
            cursor.execute(_copy_of(model, strides))
        cursor.execute(_COUNTERS)
        for statement in (*restore, *connection.ops.sequence_reset_sql(no_style(), COPIED)):
            cursor.execute(statement)
        cursor.execute("RESET ALL")
    check()


def _drop_constraints(cursor: Any, tables: list[str]) -> list[str]:
    """Drop foreign keys and indexes of ``tables``. Return the statements that create them again."""
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
        [tables],
    )
    keys = cursor.fetchall()
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN "
        "(SELECT conname FROM pg_constraint WHERE contype IN ('p', 'u'))",
        [tables],
    )
    indexes = cursor.fetchall()
    for table, name, _definition in keys:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _definition in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    return [
        *(definition for _name, definition in indexes),
        *(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}' for table, name, definition in keys),
    ]


def _temporary(cursor: Any, name: str, columns: str) -> str:
    """Create a temporary table. Return the statement that fills it."""
    cursor.execute(f"CREATE TEMP TABLE {name} ({columns})")
    return f"COPY {name} FROM STDIN"


def _write_partners(cursor: Any) -> None:
    """Create the countries and the records of each partner, and a table that maps shipped records to them."""
    seeds = {model: list(model._default_manager.all()) for model in (Country, Agency, Person, Mechanism)}
    counterparts = []
    for n, (code, name, _capital) in enumerate(PARTNERS):
        country, _made = Country.objects.get_or_create(code=code, defaults={"name": name})
        for model, records in seeds.items():
            for seed in records:
                counterparts.append((model.__name__, seed.pk, n, _counterpart(seed, country, Rewrite(n)).pk))
    fill = _temporary(cursor, "bench_record", "kind text, seed_id bigint, partner int, id bigint")
    with cursor.copy(fill) as copy:
        for row in counterparts:
            copy.write_row(row)
    cursor.execute("ANALYZE bench_record")


def _counterpart(seed: Any, country: Country, rewrite: Rewrite) -> Any:
    """The record of a partner that replaces ``seed``: a new one if partners have their own, else ``seed``."""
    if country.code == SHIPPED:
        return seed
    record: Any
    if isinstance(seed, Country):
        return country if seed.code == SHIPPED else seed
    if isinstance(seed, Mechanism):
        if seed.slug not in BILATERAL:
            return seed
        record = Mechanism(name=f"{rewrite(seed.name)}, {country.name}", acronym=seed.acronym)
    elif seed.country.code != SHIPPED:
        return seed
    elif isinstance(seed, Agency):
        record = Agency(name=rewrite(seed.name), acronym=seed.acronym, kind=seed.kind, country=country)
    else:
        record = Person(name=f"{seed.name} ({country.name})", country=country)
    record.slug = f"{country.code.lower()}-{seed.slug.removeprefix('kh-')}"
    record.save()
    if isinstance(record, Mechanism):
        record.countries.set(Country.objects.filter(code__in=(HOME, country.code)))
    return record


def _write_cells(cursor: Any, cells: list[Cell]) -> None:
    with cursor.copy(_temporary(cursor, "bench_cell", "n int, partner int, years int, nth int")) as copy:
        for cell in cells:
            copy.write_row(astuple(cell))
    cursor.execute("ANALYZE bench_cell")


def _write_texts(cursor: Any, cells: list[Cell]) -> None:
    """Store each text for every combination of partner and year."""
    texts = Texts()
    for model, names in REWRITTEN.items():
        columns = ", ".join(f"{name} {'bytea' if name == 'sort_key' else 'text'}" for name in names)
        fill = _temporary(cursor, _rewritten(model), f"seed_id bigint, partner int, years int, {columns}")
        with cursor.copy(fill) as copy:
            for partner, years in sorted({(cell.partner, cell.years) for cell in cells}):
                for row in texts.rows(model, partner, years):
                    copy.write_row(row)
        cursor.execute(f"ANALYZE {_rewritten(model)}")


def _rewritten(model: type[models.Model]) -> str:
    return f"bench_rewritten_{model.__name__.lower()}"


_SERIAL = (
    "coalesce(counter.last, 0) + row_number() OVER "
    "(PARTITION BY rewritten.prefix, seed.year - cell.years ORDER BY cell.n, seed.serial, seed.id)"
)
_REFERENCE = (
    "rewritten.prefix || '-' || (seed.year - cell.years) || '-' || "
    f"lpad(({_SERIAL})::text, greatest(3, length(({_SERIAL})::text)), '0')"
)
_SLUG = "seed.slug || '-' || cell.n"
_OWN: dict[tuple[type[models.Model], str], str] = {
    (Source, "slug"): _SLUG,
    (Source, "search_text"): f"replace(rewritten.search_text, seed.slug, {_SLUG})",
    (Meeting, "slug"): _SLUG,
    (Meeting, "search_text"): f"replace(rewritten.search_text, seed.slug, {_SLUG})",
    (Meeting, "session"): "seed.session + 2 * cell.nth",
    (Commitment, "year"): "seed.year - cell.years",
    (Commitment, "serial"): _SERIAL,
    (Commitment, "reference"): _REFERENCE,
    (Commitment, "search_text"): f"lower({_REFERENCE}) || ' ' || chr(10) || ' ' || rewritten.search_text",
}
_COUNTERS = (
    f"INSERT INTO {ReferenceCounter._meta.db_table} (prefix, year, last) "
    f"SELECT prefix, year, max(serial) FROM {Commitment._meta.db_table} GROUP BY prefix, year "
    "ON CONFLICT (prefix, year) DO UPDATE SET last = excluded.last"
)


def _copy_of(model: type[models.Model], strides: dict[type[models.Model], int]) -> str:
    """The statement that copies the rows of ``model`` into every cell."""
    table, joins = model._meta.db_table, ["CROSS JOIN bench_cell AS cell"]
    if model in REWRITTEN:
        joins.append(
            f"JOIN {_rewritten(model)} AS rewritten ON rewritten.seed_id = seed.id "
            "AND rewritten.partner = cell.partner AND rewritten.years = cell.years"
        )
    if model is Commitment:
        joins.append(
            f"LEFT JOIN {ReferenceCounter._meta.db_table} AS counter ON counter.prefix = rewritten.prefix "
            "AND counter.year = seed.year - cell.years"
        )
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(model, field, strides, joins) for field in fields)
    return (
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} AS seed {' '.join(joins)} "
        f"WHERE seed.id <= {strides[model]} ORDER BY cell.n, seed.id"
    )


def _value(model: Any, field: Any, strides: dict[type[models.Model], int], joins: list[str]) -> str:
    """The SQL of a column in a copy. Joins that it needs are added to ``joins``."""
    column = f'seed."{field.column}"'
    if own := _OWN.get((model, field.name)):
        return own
    if field.name in REWRITTEN.get(model, ()):
        return f"rewritten.{field.name}"
    kind = model if field.primary_key else field.related_model
    if kind in strides:
        return f"{column} + cell.n * {strides[kind]}::bigint"
    if kind in (Agency, Person, Mechanism, Country):
        record = f"of_{field.column}"
        joins.append(
            f"LEFT JOIN bench_record AS {record} ON {record}.kind = '{kind.__name__}' "
            f"AND {record}.seed_id = {column} AND {record}.partner = cell.partner"
        )
        return f"{record}.id"
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return f"({column} - make_interval(years => cell.years))::date"
    return column


def check() -> None:
    """Raise ``AssertionError`` if the copies differ from what the services would have written."""
    pks = list(Commitment.objects.order_by("pk").values_list("pk", flat=True))
    some = random.Random(SEED).sample(pks, 300)  # noqa: S311
    if wrong := refresh_search_text(some):
        raise AssertionError(f"{wrong} of 300 search texts differ from those of the services")
    for commitment in Commitment.objects.filter(pk__in=some):
        if commitment.reference != format_reference(commitment.prefix, commitment.year, commitment.serial):
            raise AssertionError(f"{commitment.reference} has not the format of references")
    last = StatusChange.objects.filter(commitment=OuterRef("pk")).order_by("-number").values("to_status")[:1]
    if Commitment.objects.exclude(status=Subquery(last)).exists():
        raise AssertionError("a status differs from its history")
