"""What the log leaves out."""

import logging


class WithoutTraceback(logging.Filter):
    """Keep the line and drop the traceback: for refusals that are no error of the program."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        record.exc_text = None
        return True
