"""Read a text for undertakings and list the candidates."""

import json
from argparse import ArgumentParser
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from commitments.candidates.countries import known_codes
from commitments.candidates.known import every_commitment, known_commitments, known_people
from commitments.candidates.reading import Candidate, Reading, read
from commitments.models import Commitment
from commitments.reports.presence_strip import countries_of
from core import clock
from core.documents.kinds import Kind, kind_by_name
from core.documents.reading import ReadersBusy
from core.iso_countries import CODES
from relations.models import Source
from relations.services.text_extraction import extract_text

_SHORTENED = 100


@dataclass(frozen=True, slots=True)
class _Given:
    """The text to read, and what is known of it beforehand."""

    text: str
    codes: tuple[str, ...] = ()
    on: date | None = None
    source: int | None = None
    cautions: tuple[str, ...] = field(default=())


class Command(BaseCommand):
    """Writes nothing. Exits with 1 if there is no such source or file, or it cannot be read."""

    help = (
        "Read a source of the register, or a file, and list the passages that may make, ask for or report on "
        "an undertaking. Nothing is stored."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "source",
            metavar="SOURCE",
            help="the key of a source, or a file: plain text, Word or PDF. The offsets in a Word document or "
            "a PDF count the text that was read from it",
        )
        parser.add_argument(
            "--parties",
            default="",
            metavar="VN,KH",
            help="ISO codes of the countries between which the paper stands; without it, those of the "
            "meeting, or those that the text names most often",
        )
        parser.add_argument(
            "--json", action="store_true", help="write JSON; offsets count Unicode code points"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        codes = _codes(options["parties"])
        given = _source(options["source"]) or _file(Path(options["source"]))
        reading = self._read(given, codes)
        if options["json"]:
            document = {"candidates": [_document(each) for each in reading.candidates]}
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))
            return
        self._print(given, reading)

    def _read(self, given: _Given, codes: tuple[str, ...]) -> Reading:
        codes = codes or given.codes
        rows = every_commitment(Commitment.objects.all())
        return read(
            given.text,
            parties=codes,
            known=known_commitments(rows, codes, without_source=given.source),
            on=given.on,
            people=known_people(),
            today=clock.today(),
        )

    def _print(self, given: _Given, reading: Reading) -> None:
        for caution in given.cautions:
            self.stderr.write(caution)
        for each in reading.candidates:
            self.stdout.write(
                f"{each.start}-{each.end} {each.cls} ({each.cue}): {' '.join(each.quote.split())}"
            )
            self.stdout.write(f"    {_slots(each)}")
            for match in each.matches:
                self.stdout.write(f"    {match.reference} {match.score:.2f}: {', '.join(match.shared)}")
        count = len(reading.candidates)
        self.stdout.write(f"{count} candidates between {', '.join(reading.parties) or 'unknown countries'}.")
        if reading.unread:
            letters = sum(each.end - each.start for each in reading.unread)
            self.stdout.write(
                f"{letters} characters are in a language that is not read. English and Vietnamese are."
            )


def _codes(parties: str) -> tuple[str, ...]:
    codes = tuple(code.strip().upper() for code in parties.split(",") if code.strip())
    for code in codes:
        if code not in CODES and code not in known_codes():
            raise CommandError(f"--parties: “{code}” is not an ISO code of a country.")
    return codes


def _source(slug: str) -> _Given | None:
    source = Source.objects.filter(slug=slug).first()
    if source is None:
        return None
    if not source.text:
        raise CommandError(f"The source “{slug}” has no text.")
    meeting = source.meetings.order_by("-day", "pk").first()
    codes = tuple(sorted(countries_of(meeting))) if meeting else ()
    return _Given(source.text, codes, (meeting.day if meeting else None) or source.published_on, source.pk)


def _file(path: Path) -> _Given:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CommandError(
            f"“{path}” is neither the key of a source nor a file that can be read: {error.strerror}"
        ) from None
    if kind_by_name(path.name) in (None, Kind.TXT):
        try:
            # The line ends stay as they are: the offsets count them.
            return _Given(content.decode("utf-8"))
        except UnicodeDecodeError:
            pass
    try:
        extracted = extract_text(path.name, content)
    except (ValidationError, ReadersBusy) as error:
        raise CommandError(" ".join(getattr(error, "messages", [str(error)]))) from None
    return _Given(extracted.text, cautions=extracted.cautions)


def _slots(candidate: Candidate) -> str:
    deadline = f"deadline “{candidate.deadline.wording}”" if candidate.deadline else ""
    figure = f"figure “{candidate.figure.wording}”" if candidate.figure else ""
    parts = (
        candidate.kind,
        candidate.modality,
        "+".join(candidate.obligated),
        candidate.nature,
        candidate.theme,
    )
    return ", ".join(part for part in (*parts, deadline, figure) if part)


def _document(candidate: Candidate) -> dict[str, Any]:
    deadline = candidate.deadline
    return {
        "start": candidate.start,
        "end": candidate.end,
        "quote": candidate.quote,
        "class": candidate.cls,
        "cue": candidate.cue,
        "kind": candidate.kind,
        "modality": candidate.modality,
        "obligated": list(candidate.obligated),
        "deadline": {
            "wording": deadline.wording,
            "earliest": _iso(deadline.earliest),
            "latest": _iso(deadline.latest),
        }
        if deadline
        else None,
        "nature": candidate.nature,
        "theme": candidate.theme,
        "matches": [
            {"reference": match.reference, "score": match.score, "shared": list(match.shared)}
            for match in candidate.matches
        ],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
