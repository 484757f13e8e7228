"""Loads templates without their indentation, which would be a third of a page with a table.

White space that holds a line break becomes one line break; HTML shows both alike. It is done once for each
template, when it is loaded, and only to the text of the template: not to values, nor to translated texts.
"""

import re
from typing import Any

from django.template.base import Template, TextNode
from django.template.loaders import cached

_INDENTATION = re.compile(r"\s*\n\s*")
_AROUND = re.compile(r"\n(?=/?>|</?(?:t[dhr]|tbody|svg|path|rect|use|g|title|option)\b)")
"""A line break that HTML ignores: before the end of a tag, around the parts of a table or a picture."""


class Loader(cached.Loader):
    """Django's own loader, which keeps what was loaded, with compact templates."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        """The template. What its tags enclose is compact, too."""
        is_new = self.cache_key(template_name, skip) not in self.get_template_cache
        template = super().get_template(template_name, skip)
        if is_new and template_name.endswith(".html"):
            nodes: Any = template.nodelist.get_nodes_by_type(TextNode)
            for node in nodes:
                node.s = _AROUND.sub("", _INDENTATION.sub("\n", node.s))
        return template
