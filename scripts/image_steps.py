"""Runs the steps of the Dockerfile in a clean folder, without a container engine, and asks the result.

    python3 -m scripts.image_steps [FOLDER]

It needs the Python of the image. The packages of the system (fonts, pg_dump) are not installed.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = {"SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "register.example.org"}


def instructions() -> Iterator[tuple[str, str]]:
    """The instructions of the Dockerfile, each on one line."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.startswith("#")]
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        if line.strip():
            name, _space, rest = line.partition(" ")
            yield name, rest


def build(folder: Path) -> None:
    """Run the first stage with ``folder`` as /app."""
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    stages = 0
    for name, rest in instructions():
        stages += name == "FROM"
        if stages > 1:
            return
        if name == "ENV":
            environment |= dict(each.split("=", 1) for each in rest.split())
        elif name == "COPY":
            copy(rest.split()[0], folder)
        elif name == "RUN":
            command = rest.replace("/app", str(folder))
            print("»", command, flush=True)
            subprocess.run(["/bin/sh", "-c", command], cwd=folder, env=environment, check=True)  # noqa: S603


def copy(what: str, folder: Path) -> None:
    """Copy one file, or all that ``.dockerignore`` leaves."""
    if what != ".":
        shutil.copy(ROOT / what, folder)
        return
    ignored = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    git = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(git, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")  # noqa: S603
    for name in filter(None, listed):
        parts = name.split("/")
        if not any(fnmatch(parts[0], each) for each in ignored) and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)


def ask(folder: Path) -> None:
    """Start what the image starts, on an SQLite database, and run its health check."""
    wanted = dict(instructions())
    command = json.loads(wanted["CMD"])
    check = json.loads(wanted["HEALTHCHECK"].split("CMD ", 1)[1])
    data = folder.parent / "data"
    data.mkdir()
    environment = {"PATH": f"{folder}/.venv/bin:/usr/bin:/bin", "MEDIA_ROOT": str(data / "media"), **SETTINGS}
    environment |= {"DATABASE_URL": f"sqlite:///{data}/db.sqlite3", "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(["python", "manage.py", "migrate", "-v0"], cwd=folder, env=environment, check=True)  # noqa: S603, S607
    address = "127.0.0.1:8765"
    command = [part.replace("0.0.0.0:8000", address) for part in command]  # noqa: S104
    server = subprocess.Popen(command, cwd=folder, env=environment)  # noqa: S603
    try:
        for _attempt in range(60):
            time.sleep(0.5)
            asked = subprocess.run(  # noqa: S603
                [*check, "8765"], cwd=folder, env=environment, capture_output=True, check=False
            )
            if asked.returncode == 0:
                print("The health check of the image succeeds.")
                return
        sys.exit(f"The health check fails: {asked.stderr.decode()}")
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    """Build in the folder that is named, or in one for temporary files, and ask."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else temporary) / "app"
        folder.mkdir(parents=True)
        build(folder)
        ask(folder)


if __name__ == "__main__":
    main()
