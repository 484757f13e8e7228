"""What an uploaded document may contain, and what the process that reads it may use."""

_MEGABYTE = 1024 * 1024

MAX_BYTES = 20 * _MEGABYTE
"""The largest file whose text is read, in bytes."""

MAX_PAGES = 400
"""The most pages of a PDF."""

MAX_CHARACTERS = 1_200_000
"""The longest text of a document, read or recorded: 400 pages of 3,000 characters."""

MAX_PARTS = 2_000
"""The most files in the archive of an Office document."""

MAX_UNPACKED = 60 * _MEGABYTE
"""The largest size of these files together, in bytes."""

MAX_TAGS = 1_000_000
"""The most XML tags in them. A book of 400 pages has fewer than half as many."""

MAX_SHEET_BYTES = 5 * _MEGABYTE
"""The largest spreadsheet whose rows are read, in bytes. It is kept in the database with its import."""

MAX_ROWS = 10_000
"""The most rows of a sheet."""

MAX_COLUMNS = 200
"""The most columns of a sheet."""

MAX_UNPACKED_WORKBOOK = 200 * _MEGABYTE
"""The largest size of the files in a workbook together, in bytes. They are read piece by piece."""

PICTURE_PAGES = 3
"""How many pages of a PDF are drawn as a picture."""

PICTURE_WIDTH = 1000
"""The width of such a picture, in pixels."""

CPU_SECONDS = 10
"""The processor time of a process that reads a document."""

WORKBOOK_CPU_SECONDS = 14
"""The processor time of a process that reads a workbook."""

CHECK_SECONDS = 2
"""The processor time of a process that only looks into the archive of an Office document."""

WALL_SECONDS = 15
"""The time after which it is ended, whatever it does."""

SCAN_SECONDS = 9
"""The time after which no further picture of a page is read in one request. The next one goes on there."""

MEMORY_BYTES = 512 * _MEGABYTE
"""The memory that it may use."""

OUTPUT_BYTES = 16 * _MEGABYTE
"""The longest answer that it may write."""

MAX_PROCESSES = 2
"""The most such processes at once in each process of the web server."""

WAIT_SECONDS = 5
"""How long a request waits for one of them. With ``WALL_SECONDS`` it must stay below gunicorn's timeout."""
