"""The text in a picture of a page: a scan or a photograph. Run in a process of its own."""

from core.documents.child import Extract, answer
from core.documents.limits import WALL_SECONDS
from core.documents.pdf import texts_of
from core.documents.pdf_layout import lines_of
from core.documents.problems import Problem, Unreadable
from core.documents.recognition import words_in


def text_in_picture(content: bytes) -> Extract:
    """The text of the picture as that of one page."""
    try:
        words = words_in(content, seconds=WALL_SECONDS - 2)
    except TimeoutError as error:
        raise Unreadable(Problem.TOO_SLOW) from error
    [page] = texts_of([lines_of(words)])
    beside = ((0, 1, page.columns),) if page.columns else ()
    return Extract((page.text,), scanned=(0,), pages=1, beside=beside)


if __name__ == "__main__":
    answer(text_in_picture)
