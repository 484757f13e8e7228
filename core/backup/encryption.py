"""Encryption of a backup by a program that is installed: ``age``, or ``gpg`` (GnuPG)."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from core.backup.problems import BackupProblem

_ZIP = b"PK"
_AGE = (b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE-----")


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who can read a backup: public keys of ``age`` or names of keys in the keyring of ``gpg``."""

    program: str
    keys: Sequence[str]

    def command(self) -> list[str]:
        """The command that encrypts its input for the recipients."""
        program = _found(self.program)
        if self.program == "age":
            return [program, "--encrypt", *(part for key in self.keys for part in ("--recipient", key))]
        # Whoever names a key has decided to trust it. A key that is not here is looked for nowhere else.
        options = ["--batch", "--quiet", "--no-tty", "--trust-model", "always", "--no-auto-key-locate"]
        options.append("--encrypt")
        return [program, *options, *(part for key in self.keys for part in ("--recipient", key))]


@contextmanager
def encrypting(recipients: Recipients | None, target: IO[bytes]) -> Iterator[IO[bytes]]:
    """A stream whose bytes arrive in ``target``, encrypted if there are ``recipients``."""
    if recipients is None:
        yield target
        return
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603  (a fixed program; keys are arguments of their own)
            recipients.command(), stdin=subprocess.PIPE, stdout=target, stderr=said
        )
        assert process.stdin is not None  # noqa: S101  (for the type checker)
        try:
            try:
                yield process.stdin
                process.stdin.close()
            except BrokenPipeError:
                # The program has ended before it had everything, and said why.
                _require_success(recipients.program, process.wait() or 1, said)
            _require_success(recipients.program, process.wait(), said)
        finally:
            process.kill()
            process.wait()
            with suppress(BrokenPipeError):
                process.stdin.close()


@contextmanager
def decrypted(path: Path, identity: Path | None = None) -> Iterator[IO[bytes]]:
    """The bytes of the backup at ``path``, decrypted if it is encrypted.

    What is decrypted is in a file without a name, which ends with the process.
    """
    with path.open("rb") as file:
        start = file.peek(64)[:64]
        if start.startswith(_ZIP):
            yield file
            return
        command = _decryption(start, identity)
        # The program reads from where the system is in the file, beyond what was looked at.
        os.lseek(file.fileno(), 0, os.SEEK_SET)
        with tempfile.TemporaryFile() as plain, tempfile.TemporaryFile() as said:
            done = subprocess.run(command, stdin=file, stdout=plain, stderr=said, check=False)  # noqa: S603
            _require_success(Path(command[0]).name, done.returncode, said)
            plain.seek(0)
            yield plain


def _decryption(start: bytes, identity: Path | None) -> list[str]:
    if start.startswith(_AGE):
        if identity is None:
            raise BackupProblem(
                "The backup is encrypted with age. Name the file of the key: --identity FILE."
            )
        return [_found("age"), "--decrypt", "--identity", str(identity)]
    # The first byte of what GnuPG writes has its highest bit set; its text form begins with this line.
    if start[:1] >= b"\x80" or start.startswith(b"-----BEGIN PGP MESSAGE-----"):
        return [_found("gpg"), "--batch", "--quiet", "--no-tty", "--decrypt"]
    raise BackupProblem("This is no backup, or only a part of one. Take another one.")


def _found(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        package = {"age": "age", "gpg": "gnupg"}[program]
        raise BackupProblem(f"{program} is not installed. Install the package {package}.")
    return path


def _require_success(program: str, status: int, said: IO[bytes]) -> None:
    if status:
        said.seek(0)
        words = " ".join(said.read(2000).decode(errors="replace").split())
        raise BackupProblem(f"{program} failed: {words or f'exit status {status}'}")
