"""The check of the country that says "we"."""

from typing import Any

import pytest
from django.core import checks


@pytest.mark.parametrize(
    ("code", "errors"), [("PT", []), ("", ["relations.E001"]), ("VNM", ["relations.E001"])]
)
def test_a_home_country_that_is_none_is_an_error_of_the_check(
    code: str, errors: list[str], settings: Any
) -> None:
    settings.HOME_COUNTRY = code
    found = [each for each in checks.run_checks() if each.id == "relations.E001"]
    assert [each.id for each in found] == errors
    assert all(f"HOME_COUNTRY is “{code}”" in each.msg for each in found)
