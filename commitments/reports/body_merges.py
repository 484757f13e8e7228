"""What the merge of two records would do, in sentences, as far as somebody may see it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from commitments.models import Commitment
from commitments.services.body_merging import names_after
from relations.models import Agency, Country, Mechanism, Meeting, Person
from relations.services.record_writers import key_column

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class MergePreview:
    """Both records with their keys, what is repointed, and the other names of ``kept`` afterwards."""

    kept: Any
    absorbed: Any
    keys: tuple[str, str]
    effects: tuple[str, ...]
    names: list[str]


def preview_of(kept: Any, absorbed: Any, actor: User) -> MergePreview:
    """What ``merge_bodies`` would do. Commitments and meetings are counted as far as ``actor`` sees them."""
    keys = tuple(str(getattr(each, key_column(each))) for each in (kept, absorbed))
    effects = tuple(_EFFECTS[type(kept)](kept, absorbed, actor))
    return MergePreview(kept, absorbed, keys, effects, names_after(kept, absorbed))  # type: ignore[arg-type]


def _counted(rows: "QuerySet[Any]", both: "QuerySet[Any]") -> tuple[int, int]:
    """How many of ``rows`` name the absorbed record alone, and how many name both."""
    shared = rows.filter(pk__in=both.order_by().values("pk")).count()
    return rows.count() - shared, shared


def _of_agency(kept: Agency, absorbed: Agency, actor: User) -> Iterator[str]:
    visible = Commitment.objects.visible_to(actor).order_by()
    own, shared = _counted(
        visible.filter(assignments__agency=absorbed), visible.filter(assignments__agency=kept)
    )
    yield ngettext(
        "%(n)d commitment that you can see is assigned to the one that stays.",
        "%(n)d commitments that you can see are assigned to the one that stays.",
        own,
    ) % {"n": own}
    if shared:
        yield ngettext(
            "%(n)d commitment is assigned to both: one assignment stays, which leads if either did.",
            "%(n)d commitments are assigned to both: one assignment of each stays, which leads if either "
            "did.",
            shared,
        ) % {"n": shared}
    if accounts := User.objects.filter(agency=absorbed).count():
        yield ngettext(
            "%(n)d account belongs to the one that stays.",
            "%(n)d accounts belong to the one that stays.",
            accounts,
        ) % {"n": accounts}


def _of_person(kept: Person, absorbed: Person, actor: User) -> Iterator[str]:
    visible = Meeting.objects.visible_to(actor).order_by()
    own, shared = _counted(
        visible.filter(participations__person=absorbed), visible.filter(participations__person=kept)
    )
    yield ngettext(
        "%(n)d meeting that you can see names the one that stays.",
        "%(n)d meetings that you can see name the one that stays.",
        own,
    ) % {"n": own}
    if shared:
        yield ngettext(
            "At %(n)d meeting both took part: the position of the one that stays is kept.",
            "At %(n)d meetings both took part: the positions of the one that stays are kept.",
            shared,
        ) % {"n": shared}


def _of_mechanism(kept: Mechanism, absorbed: Mechanism, actor: User) -> Iterator[str]:
    sessions = Meeting.objects.visible_to(actor).filter(mechanism=absorbed).count()
    yield ngettext(
        "%(n)d session that you can see belongs to the one that stays.",
        "%(n)d sessions that you can see belong to the one that stays.",
        sessions,
    ) % {"n": sessions}


def _of_country(kept: Country, absorbed: Country, actor: User) -> Iterator[str]:
    visible = Commitment.objects.visible_to(actor).order_by()
    named = visible.filter(pk__in=absorbed.commitment_parties.values("commitment")).count()
    yield ngettext(
        "%(n)d commitment that you can see names the one that stays. Its reference does not change.",
        "%(n)d commitments that you can see name the one that stays. Their references do not change.",
        named,
    ) % {"n": named}
    agencies, people = absorbed.agencies.count(), absorbed.people.count()
    if agencies:
        yield ngettext(
            "%(n)d agency belongs to the one that stays.",
            "%(n)d agencies belong to the one that stays.",
            agencies,
        ) % {"n": agencies}
    if people:
        yield ngettext(
            "%(n)d person belongs to the one that stays.",
            "%(n)d people belong to the one that stays.",
            people,
        ) % {"n": people}
    if absorbed.mechanisms.exists():
        yield _("The one that stays is a member of the mechanisms of both.")


_EFFECTS: dict[type[Any], Any] = {
    Agency: _of_agency,
    Person: _of_person,
    Mechanism: _of_mechanism,
    Country: _of_country,
}
