"""Finds people by a typed name, whatever the spelling."""

from relations.models import Person
from relations.names import fold_names

_MOST_SIMILAR = 3


def people_called(name: str) -> list[Person]:
    """People whose key, name or other spelling equals ``name`` without regard to case and diacritics."""
    wanted = fold_names(name)
    return [
        person
        for person in Person.objects.named_like(name).select_related("country").order_by("name", "pk")
        if wanted in {fold_names(person.slug), *map(fold_names, (person.name, *person.aliases))}
    ]


def people_like(name: str) -> list[Person]:
    """A few people who share words of ``name``, the most similar first."""
    words = [word for word in fold_names(name).split() if len(word) > 2]  # noqa: PLR2004  (no initials)
    found: dict[int, tuple[int, Person]] = {}
    for word in words:
        for person in Person.objects.named_like(word).order_by("name", "pk")[:20]:
            shared = found.get(person.pk, (0, person))[0] + 1
            found[person.pk] = (shared, person)
    ranked = sorted(found.values(), key=lambda each: (-each[0], each[1].name))
    return [person for _shared, person in ranked[:_MOST_SIMILAR]]
