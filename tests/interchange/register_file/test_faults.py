"""Every fault of a file is named, each with its line and key, and a faulty file changes nothing."""

from collections.abc import Callable

import pytest
import yaml

from commitments.models import Commitment, LoadedEntry, ReferenceCounter
from interchange.register_file import yaml_reading
from relations.models import Country

pytestmark = pytest.mark.django_db

Faults = Callable[[str], list[str]]

ONE = "commitments.KHVN-2025-001"
TWO = "commitments.KHVN-2025-002"
NOWHERE = "neither in the file nor in the register"

BROKEN = {
    "unknown key": (
        "    title: Keep the peace\n",
        "    title: Keep the peace\n    titel: Keep\n",
        [f"line 84: {TWO}.titel: unknown key; did you mean “title”?"],
    ),
    "unknown key of the file": (
        "themes:\n",
        "motto: None\nthemes:\n",
        [
            "line 22: motto: unknown key; known here: register, title, as_of, countries, agencies, people, "
            "mechanisms, themes, sources, meetings, commitments"
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
        [f"line 61: {ONE}.deadline.wording: must be a text; YAML reads 2026 otherwise: put it in quotes"],
    ),
    "text that is too long": (
        "    name: Ministry of Foreign Affairs\n",
        "    name: Ministry of Foreign Affairs\n    acronym: Ministry-for-all-Foreign-Affairs\n",
        ["line 12: agencies.vn-mofa.acronym: is 32 characters long; at most 30 fit"],
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
    "entry that is no record": (
        "  - key: border\n    name: Border\n",
        "  - key: border\n    name: Border\n  - peace\n",
        ["line 25: themes[2]: must be a record of keys and values"],
    ),
    "section that is no list": (
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
        [f"line 72: {ONE}.status_history[2].on: “2026-02-30” is no day, YYYY-MM-DD"],
    ),
    "date in words": (
        "    starts_on: 2025-12-09\n",
        "    starts_on: 9 December 2025\n",
        ["line 41: meetings.jc-21.starts_on: “9 December 2025” is no day, YYYY-MM-DD"],
    ),
    "moment without a zone": (
        "        note: Begun.\n",
        "        note: Begun.\n        recorded_at: 2026-01-10 10:00:00\n",
        [
            f"line 74: {ONE}.status_history[2].recorded_at: “2026-01-10 10:00:00” is no moment with its "
            "zone, as in 2026-01-16T08:30:00Z"
        ],
    ),
    "word outside of the vocabulary": (
        "        kind: made\n        modality: agreed\n",
        "        kind: promised\n        modality: agreed\n",
        [
            f"line 78: {ONE}.mentions[1].kind: “promised” is not among: made, reaffirmed, requested, "
            "progress, fulfilled"
        ],
    ),
    "number that is none": (
        "    session: 21\n",
        "    session: the 21st\n",
        ["line 37: meetings.jc-21.session: “the 21st” is no whole number from 1"],
    ),
    "key with a space": (
        "  - key: border\n",
        "  - key: the border\n",
        [
            "line 23: themes.the border.key: “the border” is no key: letters, digits, - and _",
            f"line 54: {ONE}.theme: there is no theme “border”, {NOWHERE}",
            f"line 86: {TWO}.theme: there is no theme “border”, {NOWHERE}",
        ],
    ),
    "address that runs a script": (
        "    title: Note for file\n",
        "    title: Note for file\n    url: javascript:alert(1)\n",
        ["line 29: sources.note.url: “javascript:alert(1)” is no web address"],
    ),
    "file outside of the media folder": (
        "    related:\n      - KHVN-2025-002\n",
        "    evidence:\n      - kind: file\n        title: Minutes\n"
        "        file: ../secret\n        sha256: ''\n",
        [
            f"line 83: {ONE}.evidence[1].file: “../secret” is no path of a file inside the media folder",
        ],
    ),
    "country that is not there": (
        "    obligated: [VN]\n",
        "    obligated: [TH]\n",
        [
            f"line 56: {ONE}.obligated: TH must act but is not a party",
            f"line 56: {ONE}.obligated: there is no country “TH”, {NOWHERE}",
        ],
    ),
    "agency that is not there": (
        "      - agency: vn-mofa\n",
        "      - agency: vn-mnd\n",
        [f"line 58: {ONE}.agencies[1].agency: there is no agency “vn-mnd”, {NOWHERE}"],
    ),
    "person that is not there": (
        "      - person: le-hoai-trung\n",
        "      - person: prak-sokhonn\n",
        [f"line 45: meetings.jc-21.participants[1].person: there is no person “prak-sokhonn”, {NOWHERE}"],
    ),
    "mechanism that is not there": (
        "    mechanism: joint-committee\n",
        "    mechanism: gms\n",
        [f"line 36: meetings.jc-21.mechanism: there is no mechanism “gms”, {NOWHERE}"],
    ),
    "source that is not there": (
        "        source: note\n        paragraph: 2\n",
        "        source: notes\n        paragraph: 2\n",
        [f"line 95: {TWO}.mentions[1].source: there is no source “notes”, {NOWHERE}"],
    ),
    "meeting that is not there": (
        "      - meeting: jc-21\n        source: note\n        paragraph: 2\n",
        "      - meeting: jc-22\n        source: note\n        paragraph: 2\n",
        [f"line 94: {TWO}.mentions[1].meeting: there is no meeting “jc-22”, {NOWHERE}"],
    ),
    "outcome meeting that is not there": (
        "    status: in_progress\n    status_history:\n",
        "    outcome_meeting: jc-22\n    status: in_progress\n    status_history:\n",
        [f"line 64: {ONE}.outcome_meeting: there is no meeting “jc-22”, {NOWHERE}"],
    ),
    "related commitment that is not there": (
        "      - KHVN-2025-002\n",
        "      - KHVN-2025-009\n",
        [f"line 81: {ONE}.related: there is no commitment “KHVN-2025-009”, {NOWHERE}"],
    ),
    "commitment related to itself": (
        "      - KHVN-2025-002\n",
        "      - KHVN-2025-001\n",
        [f"line 81: {ONE}.related: a commitment is not related to itself"],
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
        ["line 25: themes.border.key: border is given twice; the first time in line 23"],
    ),
    "duplicate code": (
        "  - code: VN\n    name: Viet Nam\n",
        "  - code: VN\n    name: Viet Nam\n  - code: VN\n    name: Vietnam\n",
        ["line 9: countries.VN.code: VN is given twice; the first time in line 7"],
    ),
    "duplicate name": (
        "  - code: VN\n    name: Viet Nam\n",
        "  - code: VN\n    name: Cambodia\n",
        ["line 8: countries.VN.name: Cambodia is given twice; the first time in line 6"],
    ),
    "duplicate reference": (
        "  - reference: KHVN-2025-002\n",
        "  - reference: KHVN-2025-001\n",
        [
            f"line 81: commitments.KHVN-2025-001.related: there is no commitment “KHVN-2025-002”, {NOWHERE}",
            f"line 82: {ONE}.reference: KHVN-2025-001 is given twice; the first time in line 50",
        ],
    ),
    "duplicate key of a record": (
        "    nature: principle\n",
        "    nature: principle\n    nature: event\n",
        ["line 86: commitments.nature: this key is given twice; the first time in line 85"],
    ),
    "duplicate section": (
        "themes:\n",
        "people: []\nthemes:\n",
        ["line 22: people: this key is given twice; the first time in line 14"],
    ),
    "duplicate mention": (
        "        modality: agreed\n",
        "        modality: agreed\n      - meeting: jc-21\n        source: note\n        paragraph: 1\n"
        "        kind: made\n",
        [f"line 80: {ONE}.mentions[2].meeting: is given twice; the first time in line 75"],
    ),
    "duplicate session": (
        "commitments:\n",
        "  - key: jc-21-again\n    title: The same\n    mechanism: joint-committee\n    session: 21\n"
        "    form: talks\n    level: minister\n    status: planned\ncommitments:\n",
        [
            "line 52: meetings.jc-21-again.session: joint-committee 21 is given twice; the first time in "
            "line 37",
        ],
    ),
    "malformed reference": (
        "  - reference: KHVN-2025-002\n",
        "  - reference: VNKH-2025-2\n",
        [
            f"line 81: commitments.KHVN-2025-001.related: there is no commitment “KHVN-2025-002”, {NOWHERE}",
            "line 82: commitments.VNKH-2025-2.reference: “VNKH-2025-2” is no reference: the codes of two "
            "parties or more in alphabetical order, a year, a serial of at least three digits, "
            "as in KHVN-2025-014",
        ],
    ),
    "reference of other parties": (
        "    parties: [KH, VN]\n    obligated: [VN]\n",
        "    parties: [KH, LA, VN]\n    obligated: [VN]\n",
        [
            f"line 50: {ONE}.reference: the reference begins with the codes of the parties: KHLAVN",
            f"line 55: {ONE}.parties: there is no country “LA”, {NOWHERE}",
        ],
    ),
    "reference of another year": (
        "        'on': 2025-12-09\n        note: Agreed.\n",
        "        'on': 2024-12-09\n        note: Agreed.\n",
        [f"line 50: {ONE}.reference: the reference names the year of the first status change: 2024"],
    ),
    "status that is not the last of its history": (
        "    status: in_progress\n    status_history:\n",
        "    status: agreed\n    status_history:\n",
        [f"line 64: {ONE}.status: agreed is not the last of its history, in_progress"],
    ),
    "history without a status": (
        "    status_history:\n      - status: standing\n        'on': 2025-12-09\n",
        "    status_history: []\n",
        [f"line 90: {TWO}.status_history: a commitment has at least one status"],
    ),
    "history out of order": (
        "        'on': 2026-01-10\n",
        "        'on': 2025-12-08\n",
        [f"line 72: {ONE}.status_history[2].on: 2025-12-08 lies before the previous change, of 2025-12-09"],
    ),
    "window out of order": (
        "      latest: 2026-12-31\n",
        "      latest: 2025-12-31\n",
        [f"line 63: {ONE}.deadline.latest: the latest day lies before the earliest"],
    ),
    "review day beside a latest day": (
        "      latest: 2026-12-31\n",
        "      latest: 2026-12-31\n      review_on: 2026-06-30\n",
        [f"line 64: {ONE}.deadline.review_on: a review day is only for a deadline without a latest day"],
    ),
    "days without their wording": (
        "      wording: in 2026\n",
        "",
        [f"line 61: {ONE}.deadline.wording: is missing: the words from which the days are read"],
    ),
    "meeting that ends before it starts": (
        "    starts_on: 2025-12-09\n",
        "    starts_on: 2025-12-09\n    ends_on: 2025-12-08\n",
        ["line 42: meetings.jc-21.ends_on: the last day lies before the first"],
    ),
    "meeting held on no day": (
        "    starts_on: 2025-12-09\n",
        "",
        ["line 40: meetings.jc-21.status: a meeting that was held needs a day, or a window of days"],
    ),
    "session without a mechanism": (
        "    mechanism: joint-committee\n    session: 21\n",
        "    session: 21\n",
        ["line 36: meetings.jc-21.session: a session number needs a mechanism"],
    ),
    "nobody obligated": (
        "    obligated: [VN]\n",
        "    obligated: []\n",
        [f"line 56: {ONE}.obligated: name at least one country that must act"],
    ),
    "one party": (
        "    parties: [KH, VN]\n    obligated: [VN]\n",
        "    parties: [VN]\n    obligated: [VN]\n",
        [
            f"line 50: {ONE}.reference: the reference begins with the codes of the parties: VN",
            f"line 55: {ONE}.parties: name at least two countries between which it stands",
        ],
    ),
    "country named twice": (
        "    obligated: [VN]\n",
        "    obligated: [VN, VN]\n",
        [f"line 56: {ONE}.obligated: VN is named twice"],
    ),
    "successor otherwise": (
        "    status: in_progress\n    status_history:\n",
        "    status: in_progress\n    successor: KHVN-2025-002\n    status_history:\n",
        [f"line 65: {ONE}.successor: only a superseded commitment has a successor"],
    ),
    "evidence of a status change that is not there": (
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
    "update that says nothing": (
        "    related:\n      - KHVN-2025-002\n",
        "    progress:\n      - 'on': 2026-01-12\n",
        [
            f"line 81: {ONE}.progress[1].achieved: is missing: an update says at least one of achieved, "
            "challenges, recommendations"
        ],
    ),
    "unknown version": (
        "register: 1\n",
        "register: 2\n",
        ["line 1: register: only version 1 of the format is known"],
    ),
    "alias": (
        "    obligated: [VN]\n",
        "    obligated: &who [VN]\n    beneficiaries: *who\n",
        ["line 57: commitments.beneficiaries: aliases (*name) are not used here; write the value itself"],
    ),
    "tag": (
        "    title: Keep the peace\n",
        "    title: !!python/object/apply:os.system [Keep the peace]\n",
        [
            f"line 83: {TWO}.title: must be a single value: text",
            "line 83: commitments.title: tags (tag:yaml.org,2002:python/object/apply:os.system) are not used "
            "here",
        ],
    ),
}


@pytest.mark.parametrize("loader", [yaml.CSafeLoader, yaml.SafeLoader], ids=["in C", "in Python"])
@pytest.mark.parametrize("kind", BROKEN)
def test_each_fault_is_named_with_its_line_and_key(
    kind: str, loader: type, small: str, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_reading, "_LOADER", loader)
    sound, broken, expected = BROKEN[kind]
    assert small.count(sound) == 1, "the text to be broken must occur once"
    assert faults(small.replace(sound, broken)) == expected
    assert not Commitment.objects.exists()
    assert not Country.objects.exists()
    assert not LoadedEntry.objects.exists()
    assert not ReferenceCounter.objects.exists()
