"""The list of packages with their licences is that of the locked requirements."""

from scripts.notices import PAGE, page, pinned


def test_every_locked_package_is_listed_with_its_version_and_licence() -> None:
    assert len(pinned()) > 30
    assert page() == PAGE.read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in page().splitlines() if line.startswith("| ")][1:]
    assert all(licence and home for _name, _version, licence, home in rows)
