"""A process that reads a document and does what the document says, with small limits. Run by its name."""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from core.documents import child

PDF = b"%PDF-"
child.OUTPUT_BYTES = 1000


def misbehave(content: bytes) -> child.Extract:
    """Do what stands after the signature of a PDF, and answer with what was found."""
    match content.removeprefix(PDF).decode().split():
        case ["hang", path]:
            companion = subprocess.Popen(["/bin/sleep", "60"])
            Path(path).write_text(str(companion.pid))
            time.sleep(60)
        case ["spin"]:
            while True:
                pass
        case ["eat"]:
            return child.Extract(("x" * 2**31,))
        case ["crash"]:
            os.abort()
        case ["flood"]:
            os.write(1, b"x" * 2000)
            os.write(1, b"x")
        case ["fail"]:
            sys.exit("This is a fault.")
        case ["limits"]:
            limits = (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)
            return child.Extract(tuple(str(resource.getrlimit(each)[0]) for each in limits))
        case ["environment"]:
            return child.Extract(tuple(sorted(os.environ)))
    return child.Extract(("They agreed.",))


if __name__ == "__main__":
    child.answer(misbehave, cpu_seconds=1)
