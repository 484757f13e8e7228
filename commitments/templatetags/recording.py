"""The vocabularies that stand beside every paragraph of a text."""

from django import template

from commitments.choices import MentionKind, Modality

register = template.Library()


@register.simple_tag
def mention_kinds() -> list[tuple[str, str]]:
    """What a paragraph can do with a commitment."""
    return [(kind.value, str(kind.label)) for kind in MentionKind]


@register.simple_tag
def modalities() -> list[tuple[str, str]]:
    """How binding a wording can be."""
    return [(each.value, str(each.label)) for each in Modality]
