"""Finds people by a typed name, whatever the spelling."""

from core.sorting import sort_key
from relations.models import Person
from relations.names import words_in

_MOST_SIMILAR = 3


def people_called(name: str) -> list[Person]:
    """People whose key, name or other spelling is ``name``, apart from case, diacritics and punctuation."""
    wanted = words_in(name)
    return [
        person
        for person in Person.objects.named_like(name).select_related("country").order_by("sort_key", "pk")
        if wanted in map(words_in, (person.slug, person.name, *person.aliases))
    ]


def people_like(name: str) -> list[Person]:
    """A few people who share words of ``name``, the most similar first."""
    words = [word for word in words_in(name) if len(word) > 2]  # noqa: PLR2004  (no initials)
    found: dict[int, tuple[int, Person]] = {}
    for word in words:
        for person in Person.objects.named_like(word).order_by("sort_key", "pk")[:20]:
            shared = found.get(person.pk, (0, person))[0] + 1
            found[person.pk] = (shared, person)
    ranked = sorted(found.values(), key=lambda each: (-each[0], sort_key(each[1].name)))
    return [person for _shared, person in ranked[:_MOST_SIMILAR]]
