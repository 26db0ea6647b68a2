"""Every face of the claim page in a browser, on a phone and at a desk: what it says, that nothing jumps, a picture."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, FloatRect, Page, expect

from app.claims.phases import FINAL, Phase
from tests.support.browser.chromium import SIZES, opened_page, picture
from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.support.world.states import STATES, Stage, stage

STILL = (".top", ".facts", ".actions", ".actions > :nth-child(2)")
"""What must stay where it is: the header, the facts, the action zone, and the button under the thumb."""


@pytest.fixture
def on_stage(network: Network, product: Product) -> Iterator[Stage]:
    made = stage(network, product)
    yield made
    made.connection.close()


def boxes(page: Page) -> dict[str, FloatRect | None]:
    found = {selector: page.locator(selector).first for selector in STILL}
    return {selector: one.bounding_box() if one.is_visible() else None for selector, one in found.items()}


def moved(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What stands elsewhere; what is gone is not in the way."""
    return {s: (before[s], after[s]) for s in STILL if before[s] and after[s] and _place(before[s]) != _place(after[s])}


def _place(box: FloatRect) -> tuple[int, int]:
    return round(box["x"]), round(box["y"])


def test_every_face_has_a_story() -> None:
    assert set(STATES) == set(Phase)


@pytest.mark.parametrize("state", STATES)
def test_a_face(browser: Browser, on_stage: Stage, state: str) -> None:
    pages = {size: opened_page(browser, on_stage.link, size) for size in SIZES}
    before = {size: boxes(page) for size, (page, _) in pages.items()}
    on_stage.becomes(state)
    for size, (page, complaints) in pages.items():
        expect(page.get_by_role("heading", level=1)).to_contain_text(STATES[state])
        expect(page.locator(f'[data-phase="{state}"]')).to_have_count(1)
        assert moved(before[size], boxes(page)) == {}, "nothing may jump under a thumb"
        assert page.locator("[data-poll]").count() == (0 if Phase(state) in FINAL else 1)
        pictures(page, f"{state}-{size}")
        assert complaints == []
        page.context.close()


def pictures(page: Page, name: str) -> None:
    """`make pictures` puts the phone's into docs/."""
    picture(page, f"claim-page/{name}")
    page.emulate_media(color_scheme="dark")
    picture(page, f"claim-page/{name}-dark")
