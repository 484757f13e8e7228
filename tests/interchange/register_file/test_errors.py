"""Every error of a file is reported with its line and key, and an invalid file changes nothing."""

from collections.abc import Callable

import pytest
import yaml

from commitments.models import Commitment, LoadedEntry, ReferenceCounter
from interchange.register_file import yaml_reading
from relations.models import Country

pytestmark = pytest.mark.django_db

Errors = Callable[[str], list[str]]

ONE = "commitments.KHVN-2025-001"
TWO = "commitments.KHVN-2025-002"
NOWHERE = "neither in the file nor in the register"

INVALID = {
    "unknown key": (
        "    title: Keep the peace\n",
        "    title: Keep the peace\n    titel: Keep\n",
        [f"line 84: {TWO}.titel: unknown key; did you mean “title”?"],
    ),
    "unknown key of the file": (
        "themes:\n",
        "motto: None\nthemes:\n",
        [
            "line 22: motto: unknown key; the known keys are: register, title, as_of, countries, agencies, "
            "people, mechanisms, themes, sources, meetings, commitments"
        ],
    ),
    "missing field": (
        "    text: Keep it.\n",
        "",
        [f"line 82: {TWO}.text: is missing"],
    ),
    "missing title of the register": ("title: A small register\n", "", ["line 1: title: is missing"]),
    "field without value": ("    nature: event\n", "    nature:\n", [f"line 53: {ONE}.nature: is missing"]),
    "optional field without value": (
        "        modality: agreed\n",
        "        modality: null\n",
        [f"line 79: {ONE}.mentions[1].modality: has no value; leave the key out"],
    ),
    "text that YAML reads as a number": (
        "      wording: in 2026\n",
        "      wording: 2026\n",
        [
            f"line 61: {ONE}.deadline.wording: must be a text; put it in quotes, since YAML does not read "
            "2026 as one"
        ],
    ),
    "text that is too long": (
        "    name: Ministry of Foreign Affairs\n",
        "    name: Ministry of Foreign Affairs\n    acronym: Ministry-for-all-Foreign-Affairs\n",
        ["line 12: agencies.vn-mofa.acronym: has 32 characters; at most 30 are allowed"],
    ),
    "list instead of a text": (
        "    title: Keep the peace\n",
        "    title: [Keep, the, peace]\n",
        [f"line 83: {TWO}.title: must be a single value: text"],
    ),
    "text instead of a list": (
        "    parties: [KH, VN]\n    obligated: [VN]\n",
        "    parties: KH\n    obligated: [VN]\n",
        [f"line 55: {ONE}.parties: must be a list"],
    ),
    "text instead of a record": (
        "    deadline:\n      wording: in 2026\n      earliest: 2026-01-01\n      latest: 2026-12-31\n",
        "    deadline: in 2026\n",
        [f"line 60: {ONE}.deadline: must be a record of keys and values"],
    ),
    "entry that is not a record": (
        "  - key: border\n    name: Border\n",
        "  - key: border\n    name: Border\n  - peace\n",
        ["line 25: themes[2]: must be a record of keys and values"],
    ),
    "section that is not a list": (
        "themes:\n  - key: border\n    name: Border\n",
        "themes: border\n",
        [
            "line 22: themes: must be a list of entries",
            f"line 52: {ONE}.theme: there is no theme “border”, {NOWHERE}",
            f"line 84: {TWO}.theme: there is no theme “border”, {NOWHERE}",
        ],
    ),
    "bad date": (
        "        'on': 2026-01-10\n",
        "        'on': 2026-02-30\n",
        [f"line 72: {ONE}.status_history[2].on: “2026-02-30” is not a date, YYYY-MM-DD"],
    ),
    "date in words": (
        "    starts_on: 2025-12-09\n",
        "    starts_on: 9 December 2025\n",
        ["line 41: meetings.jc-21.starts_on: “9 December 2025” is not a date, YYYY-MM-DD"],
    ),
    "time without a time zone": (
        "        note: Begun.\n",
        "        note: Begun.\n        recorded_at: 2026-01-10 10:00:00\n",
        [
            f"line 74: {ONE}.status_history[2].recorded_at: “2026-01-10 10:00:00” is not a time with a "
            "time zone, as in 2026-01-16T08:30:00Z"
        ],
    ),
    "word that is not a choice": (
        "        kind: made\n        modality: agreed\n",
        "        kind: promised\n        modality: agreed\n",
        [
            f"line 78: {ONE}.mentions[1].kind: “promised” is not one of: made, reaffirmed, requested, "
            "progress, fulfilled"
        ],
    ),
    "false instead of true": (
        "        note: Begun.\n",
        "        note: Begun.\n        unconditional: false\n",
        [f"line 74: {ONE}.status_history[2].unconditional: must be true, or be left out"],
    ),
    "text instead of a number": (
        "    session: 21\n",
        "    session: the 21st\n",
        ["line 37: meetings.jc-21.session: “the 21st” is not a whole number from 1"],
    ),
    "key with a space": (
        "  - key: border\n",
        "  - key: the border\n",
        [
            "line 23: themes.the border.key: “the border” is not a valid key: letters, digits, - and _",
            f"line 54: {ONE}.theme: there is no theme “border”, {NOWHERE}",
            f"line 86: {TWO}.theme: there is no theme “border”, {NOWHERE}",
        ],
    ),
    "address that runs a script": (
        "    title: Note for file\n",
        "    title: Note for file\n    url: javascript:alert(1)\n",
        ["line 29: sources.note.url: “javascript:alert(1)” is not a valid web address"],
    ),
    "address without a host": (
        "    title: Note for file\n",
        "    title: Note for file\n    url: http://a..b/\n",
        ["line 29: sources.note.url: “http://a..b/” is not a valid web address"],
    ),
    "file outside of the media folder": (
        "    related:\n      - KHVN-2025-002\n",
        "    evidence:\n      - kind: file\n        title: Minutes\n"
        "        file: ../secret\n        sha256: ''\n",
        [
            f"line 83: {ONE}.evidence[1].file: “../secret” is not a valid path of a file inside the "
            "media folder",
        ],
    ),
    "country that does not exist": (
        "    obligated: [VN]\n",
        "    obligated: [TH]\n",
        [
            f"line 56: {ONE}.obligated: TH must act but is not a party",
            f"line 56: {ONE}.obligated: there is no country “TH”, {NOWHERE}",
        ],
    ),
    "agency that does not exist": (
        "      - agency: vn-mofa\n",
        "      - agency: vn-mnd\n",
        [f"line 58: {ONE}.agencies[1].agency: there is no agency “vn-mnd”, {NOWHERE}"],
    ),
    "person that does not exist": (
        "      - person: le-hoai-trung\n",
        "      - person: prak-sokhonn\n",
        [f"line 45: meetings.jc-21.participants[1].person: there is no person “prak-sokhonn”, {NOWHERE}"],
    ),
    "mechanism that does not exist": (
        "    mechanism: joint-committee\n",
        "    mechanism: gms\n",
        [f"line 36: meetings.jc-21.mechanism: there is no mechanism “gms”, {NOWHERE}"],
    ),
    "source that does not exist": (
        "        source: note\n        paragraph: 2\n",
        "        source: notes\n        paragraph: 2\n",
        [f"line 95: {TWO}.mentions[1].source: there is no source “notes”, {NOWHERE}"],
    ),
    "meeting that does not exist": (
        "      - meeting: jc-21\n        source: note\n        paragraph: 2\n",
        "      - meeting: jc-22\n        source: note\n        paragraph: 2\n",
        [f"line 94: {TWO}.mentions[1].meeting: there is no meeting “jc-22”, {NOWHERE}"],
    ),
    "outcome meeting that does not exist": (
        "    status: in_progress\n    status_history:\n",
        "    outcome_meeting: jc-22\n    status: in_progress\n    status_history:\n",
        [f"line 64: {ONE}.outcome_meeting: there is no meeting “jc-22”, {NOWHERE}"],
    ),
    "related commitment that does not exist": (
        "      - KHVN-2025-002\n",
        "      - KHVN-2025-009\n",
        [f"line 81: {ONE}.related: there is no commitment “KHVN-2025-009”, {NOWHERE}"],
    ),
    "commitment related to itself": (
        "      - KHVN-2025-002\n",
        "      - KHVN-2025-001\n",
        [f"line 81: {ONE}.related: a commitment cannot be related to itself"],
    ),
    "paragraph that does not exist": (
        "        paragraph: 2\n",
        "        paragraph: 3\n",
        [f"line 96: {TWO}.mentions[1].paragraph: note has no paragraph 3"],
    ),
    "source without a paragraph": (
        "        source: note\n        paragraph: 1\n      - status",
        "        source: note\n      - status",
        [
            f"line 66: {ONE}.status_history[1].paragraph: is missing: source and paragraph belong together",
        ],
    ),
    "text that is not numbered": (
        "      1. They agreed.\n\n      2.",
        "      They agreed.\n\n      2.",
        ["line 29: sources.note.text: The text must consist of numbered paragraphs, starting with “1. ”."],
    ),
    "duplicate key": (
        "  - key: border\n    name: Border\n",
        "  - key: border\n    name: Border\n  - key: border\n    name: Frontier\n",
        ["line 25: themes.border.key: border occurs twice, first in line 23"],
    ),
    "duplicate code": (
        "  - code: VN\n    name: Viet Nam\n",
        "  - code: VN\n    name: Viet Nam\n  - code: VN\n    name: Vietnam\n",
        ["line 9: countries.VN.code: VN occurs twice, first in line 7"],
    ),
    "duplicate name": (
        "  - code: VN\n    name: Viet Nam\n",
        "  - code: VN\n    name: Cambodia\n",
        ["line 8: countries.VN.name: Cambodia occurs twice, first in line 6"],
    ),
    "duplicate reference": (
        "  - reference: KHVN-2025-002\n",
        "  - reference: KHVN-2025-001\n",
        [
            f"line 81: commitments.KHVN-2025-001.related: there is no commitment “KHVN-2025-002”, {NOWHERE}",
            f"line 82: {ONE}.reference: KHVN-2025-001 occurs twice, first in line 50",
        ],
    ),
    "duplicate key of a record": (
        "    nature: principle\n",
        "    nature: principle\n    nature: event\n",
        ["line 86: commitments.nature: this key occurs twice, first in line 85"],
    ),
    "duplicate section": (
        "themes:\n",
        "people: []\nthemes:\n",
        ["line 22: people: this key occurs twice, first in line 14"],
    ),
    "duplicate mention": (
        "        modality: agreed\n",
        "        modality: agreed\n      - meeting: jc-21\n        source: note\n        paragraph: 1\n"
        "        kind: made\n",
        [f"line 80: {ONE}.mentions[2].meeting: occurs twice, first in line 75"],
    ),
    "duplicate session": (
        "commitments:\n",
        "  - key: jc-21-again\n    title: The same\n    mechanism: joint-committee\n    session: 21\n"
        "    form: talks\n    level: minister\n    status: planned\ncommitments:\n",
        [
            "line 52: meetings.jc-21-again.session: joint-committee 21 occurs twice, first in line 37",
        ],
    ),
    "malformed reference": (
        "  - reference: KHVN-2025-002\n",
        "  - reference: VNKH-2025-2\n",
        [
            f"line 81: commitments.KHVN-2025-001.related: there is no commitment “KHVN-2025-002”, {NOWHERE}",
            "line 82: commitments.VNKH-2025-2.reference: “VNKH-2025-2” is not a reference: the codes of at "
            "least two parties in alphabetical order, a year and a serial of at least three digits, "
            "as in AABB-2026-014",
        ],
    ),
    "reference of other parties": (
        "    parties: [KH, VN]\n    obligated: [VN]\n",
        "    parties: [KH, LA, VN]\n    obligated: [VN]\n",
        [
            f"line 50: {ONE}.reference: a reference begins with the codes of the parties: KHLAVN",
            f"line 55: {ONE}.parties: there is no country “LA”, {NOWHERE}",
        ],
    ),
    "reference of another year": (
        "        'on': 2025-12-09\n        note: Agreed.\n",
        "        'on': 2024-12-09\n        note: Agreed.\n",
        [f"line 50: {ONE}.reference: a reference has the year of the first status change: 2024"],
    ),
    "status that is not the last of its history": (
        "    status: in_progress\n    status_history:\n",
        "    status: agreed\n    status_history:\n",
        [f"line 64: {ONE}.status: agreed is not the last status of its history, in_progress"],
    ),
    "history without a status": (
        "    status_history:\n      - status: standing\n        'on': 2025-12-09\n",
        "    status_history: []\n",
        [f"line 90: {TWO}.status_history: a commitment has at least one status"],
    ),
    "history out of order": (
        "        'on': 2026-01-10\n",
        "        'on': 2025-12-08\n",
        [f"line 72: {ONE}.status_history[2].on: 2025-12-08 is before the previous change, 2025-12-09"],
    ),
    "window out of order": (
        "      latest: 2026-12-31\n",
        "      latest: 2025-12-31\n",
        [f"line 63: {ONE}.deadline.latest: the latest day is before the earliest day"],
    ),
    "review day beside a latest day": (
        "      latest: 2026-12-31\n",
        "      latest: 2026-12-31\n      review_on: 2026-06-30\n",
        [f"line 64: {ONE}.deadline.review_on: only a deadline without a latest day has a review date"],
    ),
    "deadline without its wording": (
        "      wording: in 2026\n",
        "",
        [f"line 61: {ONE}.deadline.wording: is missing: the wording from which the days were read"],
    ),
    "paragraph set aside twice, one that does not exist, and without an author": (
        "        role: co_chair\n",
        "        role: co_chair\n    set_aside:\n"
        + "      - source: note\n        paragraph: 1\n        actor: lan\n" * 2
        + "      - source: note\n        paragraph: 3\n",
        [
            "line 54: meetings.jc-21.set_aside[2].paragraph: 1 occurs twice",
            "line 56: meetings.jc-21.set_aside[3].actor: is missing",
            "line 57: meetings.jc-21.set_aside[3].paragraph: note has no paragraph 3",
        ],
    ),
    "refused passage that does not stand in the text, and without an author": (
        "meetings:\n",
        "    refused_passages:\n"
        "      - paragraph: 1\n        quote: Never said.\n        actor: lan\n"
        "        recorded_at: 2026-01-01T08:00:00Z\n"
        "      - paragraph: 9\n        quote: Never said.\n        recorded_at: 2026-01-01T08:00:00Z\n"
        "meetings:\n",
        [
            "line 35: sources.note.refused_passages[1].quote: paragraph 1 has no such passage",
            "line 38: sources.note.refused_passages[2].actor: is missing",
            "line 39: sources.note.refused_passages[2].quote: paragraph 9 has no such passage",
        ],
    ),
    "meeting that ends before it starts": (
        "    starts_on: 2025-12-09\n",
        "    starts_on: 2025-12-09\n    ends_on: 2025-12-08\n",
        ["line 42: meetings.jc-21.ends_on: the last day is before the first day"],
    ),
    "held meeting without a date": (
        "    starts_on: 2025-12-09\n",
        "",
        ["line 40: meetings.jc-21.status: a meeting that was held needs a date, or a window of dates"],
    ),
    "session without a mechanism": (
        "    mechanism: joint-committee\n    session: 21\n",
        "    session: 21\n",
        ["line 36: meetings.jc-21.session: a session number needs a mechanism"],
    ),
    "no country that must act": (
        "    obligated: [VN]\n",
        "    obligated: []\n",
        [f"line 56: {ONE}.obligated: name at least one country that must act"],
    ),
    "one party": (
        "    parties: [KH, VN]\n    obligated: [VN]\n",
        "    parties: [VN]\n    obligated: [VN]\n",
        [
            f"line 50: {ONE}.reference: a reference begins with the codes of the parties: VN",
            f"line 55: {ONE}.parties: name at least two parties",
        ],
    ),
    "duplicate country": (
        "    obligated: [VN]\n",
        "    obligated: [VN, VN]\n",
        [f"line 56: {ONE}.obligated: VN occurs twice"],
    ),
    "successor of a commitment that is not superseded": (
        "    status: in_progress\n    status_history:\n",
        "    status: in_progress\n    successor: KHVN-2025-002\n    status_history:\n",
        [f"line 65: {ONE}.successor: only a superseded commitment has a successor"],
    ),
    "evidence of a status change that does not exist": (
        "    related:\n      - KHVN-2025-002\n",
        "    evidence:\n      - kind: link\n        title: Minutes\n        url: https://example.org\n"
        "        status_change: 3\n",
        [f"line 84: {ONE}.evidence[1].status_change: there is no status change 3; the history has 2"],
    ),
    "link without an address": (
        "    related:\n      - KHVN-2025-002\n",
        "    evidence:\n      - kind: link\n        title: Minutes\n",
        [f"line 81: {ONE}.evidence[1].url: is missing: evidence of kind link needs it"],
    ),
    "empty progress update": (
        "    related:\n      - KHVN-2025-002\n",
        "    progress:\n      - 'on': 2026-01-12\n",
        [
            f"line 81: {ONE}.progress[1].achieved: is missing: an update needs at least one of achieved, "
            "challenges, recommendations"
        ],
    ),
    "unknown version": (
        "register: 1\n",
        "register: 2\n",
        ["line 1: register: the only known version of the format is 1"],
    ),
    "alias": (
        "    obligated: [VN]\n",
        "    obligated: &who [VN]\n    beneficiaries: *who\n",
        ["line 57: commitments.beneficiaries: aliases (*name) are not allowed; write the value itself"],
    ),
    "tag": (
        "    title: Keep the peace\n",
        "    title: !!python/object/apply:os.system [Keep the peace]\n",
        [
            f"line 83: {TWO}.title: must be a single value: text",
            "line 83: commitments.title: tags (tag:yaml.org,2002:python/object/apply:os.system) are not "
            "allowed",
        ],
    ),
}


@pytest.mark.parametrize("loader", [yaml.CSafeLoader, yaml.SafeLoader], ids=["in C", "in Python"])
@pytest.mark.parametrize("kind", INVALID)
def test_each_error_is_reported_with_its_line_and_key(
    kind: str, loader: type, small: str, errors: Errors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_reading, "_LOADER", loader)
    valid, invalid, expected = INVALID[kind]
    assert small.count(valid) == 1, "the text to replace must occur once"
    assert errors(small.replace(valid, invalid)) == expected
    assert not Commitment.objects.exists()
    assert not Country.objects.exists()
    assert not LoadedEntry.objects.exists()
    assert not ReferenceCounter.objects.exists()
