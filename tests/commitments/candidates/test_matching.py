"""Which known commitment a passage restates."""

from commitments.candidates.matching import KnownCommitment, KnownIndex

FERRY = KnownCommitment("JPLA-2024-001", "Open a second ferry line", "Open a ferry line across the river.")
SESSION = KnownCommitment("JPLA-2024-002", "Hold the 21st session of the Joint Committee", nature="event")
TRADE = KnownCommitment("JPLA-2024-003", "Raise bilateral trade to USD 20 billion")
DRUGS = KnownCommitment("JPLA-2024-004", "Combat drug smuggling across the border")
INDEX = KnownIndex.of([FERRY, SESSION, TRADE, DRUGS])


def references(text: str, language: str = "en") -> list[str]:
    return [match.reference for match in INDEX.nearest(text, language)]


def test_the_nearest_is_first_and_says_what_is_shared() -> None:
    [first, *_rest] = INDEX.nearest("put a second line of ferries across the river into service", "en")
    assert first.reference == FERRY.reference
    assert "river" in first.shared
    assert 0 < first.score <= 1


def test_another_session_is_another_commitment() -> None:
    assert SESSION.reference in references("convene the 21st session of the Joint Committee")
    assert SESSION.reference not in references(
        "sign the agreement of the 17th session of the Joint Committee"
    )


def test_another_sum_is_ranked_lower() -> None:
    same = INDEX.nearest("raise trade to USD 20 billion", "en")[0]
    other = INDEX.nearest("raise trade to USD 35 billion", "en")[0]
    assert same.reference == other.reference == TRADE.reference
    assert same.score > other.score


def test_a_passage_in_vietnamese_finds_an_entry_in_english() -> None:
    assert references("phối hợp ngăn chặn ma túy qua biên giới", "vi")[0] == DRUGS.reference


def test_at_most_five_are_named() -> None:
    many = [KnownCommitment(f"JPLA-2024-{n:03}", f"Open ferry line number {n}") for n in range(1, 20)]
    assert len(KnownIndex.of(many).nearest("open a ferry line", "en")) == 5
