"""One case through all five levels and out of the house: from a town's report to what the model learns from its end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.browser import story_end as end
from tests.browser import story_levels as levels
from tests.browser.story import seated
from tests.browser.test_accessibility import violations
from tests.builders import CITY

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Place

pytestmark = [pytest.mark.browser, pytest.mark.story]


def test_a_case_passes_five_levels(own_place: Place, at_desk: Callable[..., Page]) -> None:
    cast = levels.seated_all(own_place, at_desk, "zh_CN")
    number = levels.open_by_hand(cast, own_place)
    levels.refused_once(cast)
    levels.accepted_by_the_county(cast)
    levels.a_task_is_set_and_done(cast)
    levels.verified_in_the_county(cast, try_early=True)
    levels.taken_over_by_the_city(cast)
    levels.pressed_by_the_province(cast, number)
    end.found_out(cast)
    cast.city.set_task(end.LAST, f"{CITY.home_region}:{CITY.id}", cast.today + timedelta(days=9))
    end.brought_to_its_determination(cast)
    end.determined(cast, seated(at_desk, CITY, own_place, f"/case/{number}", "zh_CN"))
    end.sent_to_the_police(cast)
    end.taken_as_a_package(cast, number)
    end.repaid(cast)
    end.not_closed_with_a_task_open(cast)
    end.closed(cast)
    end.told_to_all(cast, own_place, at_desk, number)
    end.learned(own_place, number)


def test_the_same_in_english(own_place: Place, at_desk: Callable[..., Page]) -> None:
    cast = levels.seated_all(own_place, at_desk, "en")
    number = levels.open_by_hand(cast, own_place)
    levels.refused_once(cast)
    levels.accepted_by_the_county(cast)
    levels.verified_in_the_county(cast)
    levels.taken_over_by_the_city(cast)
    levels.pressed_by_the_province(cast, number)
    end.found_out(cast)
    end.brought_to_its_determination(cast)
    end.determined(cast)
    end.sent_to_the_police(cast)
    end.repaid(cast)
    assert violations(cast.city.page) == []
    cast.city.choose_step("close", {"summary": end.SUMMARY}, outcome="transferred")
    end.closed(cast)
    end.told_to_all(cast, own_place, at_desk, number)
    end.learned(own_place, number)
