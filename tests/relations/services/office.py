"""Makes Word documents from their own XML, with the parts that a library for documents does not write."""

import io
import zipfile

USUAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)


def p(text: str, properties: str = "", run: str = "") -> str:
    """A paragraph with one run, with these properties of the paragraph and of the run."""
    properties = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    run = f"<w:rPr>{run}</w:rPr>" if run else ""
    return f'<w:p>{properties}<w:r>{run}<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def in_list(text: str, number: int = 1, level: int = 0) -> str:
    """A paragraph of the list ``number``."""
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def level(place: int, shape: str, text: str, more: str = "", start: int = 1) -> str:
    """One level of a list."""
    return (
        f'<w:lvl w:ilvl="{place}"><w:start w:val="{start}"/><w:numFmt w:val="{shape}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(*levels: str, lists: str = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>') -> str:
    """The part of the lists: one definition with these ``levels``."""
    return f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>{lists}'


def docx(body: str, *, namespace: str = USUAL, dangling: bool = False, **parts: str) -> bytes:
    """A Word document with ``body`` and other parts by their names, such as ``numbering``.

    With ``dangling`` it also names a part that it does not have.
    """
    into = io.BytesIO()
    names = [*parts, *(["theme"] if dangling else [])]
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{_RELATED}/{name}" Target="{name}.xml"/>'
        for n, name in enumerate(names)
    )
    with zipfile.ZipFile(into, "w") as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr(
            "_rels/.rels",
            _relations(f'<Relationship Id="r" Type="{_RELATED}/officeDocument" Target="word/document.xml"/>'),
        )
        package.writestr("word/_rels/document.xml.rels", _relations(relations))
        package.writestr("word/document.xml", _root("document", f"<w:body>{body}</w:body>", namespace))
        for name, content in parts.items():
            root = {"header": "hdr", "footer": "ftr"}.get(name, name)
            package.writestr(f"word/{name}.xml", _root(root, content, namespace))
    return into.getvalue()


def _relations(content: str) -> str:
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{content}'
        "</Relationships>"
    )


def _root(name: str, content: str, namespace: str) -> str:
    return f'<w:{name} xmlns:w="{namespace}">{content}</w:{name}>'
