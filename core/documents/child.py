"""The frame of a process that reads one document: its limits, its input and its answer.

The modules that run in it import neither settings nor models, so that it starts at once and has no secret.
"""

import json
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass

from core.documents.limits import CPU_SECONDS, MAX_CHARACTERS, MEMORY_BYTES, OUTPUT_BYTES, WALL_SECONDS
from core.documents.problems import Problem, Unreadable


@dataclass(frozen=True, slots=True)
class Extract:
    """What was read: the parts of the text, and what stands on the paper and was left out of it.

    ``scanned`` are the positions of the parts that were read from pictures. ``pages`` is how many pages the
    document has, and ``next_page`` where reading goes on, counted from 0; 0 at the end. ``beside`` has what
    stands side by side: the parts from a position to before another one, and the same text as columns.
    """

    parts: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    scanned: tuple[int, ...] = ()
    pages: int = 0
    next_page: int = 0
    beside: tuple[tuple[int, int, tuple[str, ...]], ...] = ()


def answer(
    read: Callable[[bytes], Extract],
    *,
    cpu_seconds: int = CPU_SECONDS,
    wall_seconds: int = WALL_SECONDS,
    most_characters: int | None = MAX_CHARACTERS,
) -> None:
    """Give the standard input to ``read``, and write its parts, or the problem, as JSON.

    Parts that are no text have no ``most_characters``: the limit of what a process writes is enough.
    """
    _limit(cpu_seconds, wall_seconds)
    sys.stdout.buffer.write(_json(read, sys.stdin.buffer.read(), most_characters))


def _limit(cpu_seconds: int, wall_seconds: int) -> None:
    """Limit this process. The system ends it where it uses more time; more memory is a ``MemoryError``."""
    signal.alarm(wall_seconds)  # in case that the web server, which ends it too, has gone
    # The first limit ends the process by SIGXCPU, which says why.
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    for name, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, OUTPUT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (most, most))


def _json(read: Callable[[bytes], Extract], content: bytes, most_characters: int | None) -> bytes:
    try:
        found = read(content)
        if most_characters is not None and sum(map(len, found.parts)) > most_characters:
            raise Unreadable(Problem.TOO_LONG)
        return json.dumps(asdict(found), ensure_ascii=False).encode()
    except Unreadable as error:
        problem, detail = error.problem, ""
    except MemoryError:
        problem, detail = Problem.TOO_MUCH_MEMORY, ""
    except Exception as error:  # noqa: BLE001  (libraries raise many kinds of exceptions for damaged files)
        problem, detail = Problem.DAMAGED, type(error).__name__
    return json.dumps({"problem": problem, "detail": detail}).encode()
