"""Looks into the ZIP archive of an Office document: its kind and its size. Run in a process of its own."""

from io import BytesIO
from zipfile import ZipFile

from core.documents.child import Extract, answer
from core.documents.kinds import Kind
from core.documents.limits import CHECK_SECONDS, MAX_PARTS, MAX_TAGS, MAX_UNPACKED
from core.documents.problems import Problem, Unreadable

_CONTENT_TYPES = "[Content_Types].xml"
_MAIN_PARTS = {
    b"wordprocessingml.document.main+xml": Kind.DOCX,
    b"spreadsheetml.sheet.main+xml": Kind.XLSX,
    b"presentationml.presentation.main+xml": Kind.PPTX,
}
_MIMETYPE = "mimetype"
_MIMETYPES = {
    b"application/vnd.oasis.opendocument.text": Kind.ODT,
    b"application/vnd.oasis.opendocument.spreadsheet": Kind.ODS,
}
_ENCRYPTED = 1
_ENOUGH = 1024 * 1024


def kind_of(package: ZipFile) -> Kind | None:
    """The kind of the Office document in ``package``, or ``None``."""
    names = package.namelist()
    if _CONTENT_TYPES in names:
        types = _beginning(package, _CONTENT_TYPES)
        return next((kind for main, kind in _MAIN_PARTS.items() if main in types), None)
    if _MIMETYPE in names:
        return _MIMETYPES.get(_beginning(package, _MIMETYPE).strip())
    return None


def require_readable(package: ZipFile) -> None:
    """Raise ``Unreadable`` if the parts are encrypted, or if they are too many or too large when unpacked."""
    parts = package.infolist()
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise Unreadable(Problem.ENCRYPTED)
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Unreadable(Problem.TOO_LARGE_UNPACKED)
    tags = sum(package.read(part).count(b"<") for part in parts if part.filename.endswith((".xml", ".rels")))
    if tags > MAX_TAGS:
        raise Unreadable(Problem.TOO_LARGE_UNPACKED)


def _beginning(package: ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        return part.read(_ENOUGH)


def _kind(content: bytes) -> Extract:
    with ZipFile(BytesIO(content)) as package:
        kind = kind_of(package)
    return Extract((kind,) if kind else ())


if __name__ == "__main__":
    answer(_kind, cpu_seconds=CHECK_SECONDS)
