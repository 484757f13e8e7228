"""The choices beside every paragraph. A page repeats them fifty times, so no template loop renders them."""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from commitments.choices import MentionKind, Modality

register = template.Library()


@register.simple_tag
def kind_radios(selected: str) -> SafeString:
    """Radio buttons of the kinds of mention, with ``selected`` checked."""
    return format_html_join(
        " ",
        '<label><input class="box box--radio" type="radio" name="kind" value="{}"{}> {}</label>',
        ((kind.value, _attribute_if(kind == selected, "checked"), kind.label) for kind in MentionKind),
    )


@register.simple_tag
def modality_options(selected: str) -> SafeString:
    """Options of the modalities of a wording, with ``selected`` selected."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((each.value, _attribute_if(each == selected, "selected"), each.label) for each in Modality),
    )


def _attribute_if(condition: bool, attribute: str) -> SafeString:
    return SafeString(f" {attribute}" if condition else "")
