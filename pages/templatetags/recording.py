"""The vocabularies that stand beside every paragraph, fifty times on a page: made without a loop each."""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from commitments.choices import MentionKind, Modality

register = template.Library()


@register.simple_tag
def kind_radios(chosen: str) -> SafeString:
    """What a paragraph can do with a commitment, one of them chosen."""
    return format_html_join(
        " ",
        '<label><input class="box box--radio" type="radio" name="kind" value="{}"{}> {}</label>',
        ((kind.value, _on("checked", kind == chosen), kind.label) for kind in MentionKind),
    )


@register.simple_tag
def modality_options(chosen: str) -> SafeString:
    """How binding a wording can be, one of them chosen."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((each.value, _on("selected", each == chosen), each.label) for each in Modality),
    )


def _on(attribute: str, condition: bool) -> SafeString:
    return SafeString(f" {attribute}" if condition else "")
