"""Every face fits: small phones and phones on their side, low laptops, large text, contrast themes, paper."""

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.support.browser.chromium import picture
from tests.support.browser.live_panel import Watched
from tests.support.world.states import STATES, Stage

SIZES = [
    (320, 568), (360, 740), (390, 844), (844, 390), (932, 430), (740, 360), (667, 375),
    (768, 1024), (1024, 600), (1280, 600), (1366, 625), (1440, 900),
]  # fmt: skip
LARGE = [(390, 844, 130), (390, 844, 150), (390, 844, 200), (360, 740, 130), (1440, 900, 200)]
"""Width, height, and the size of text in per cent."""
TOO_WIDE = "() => document.documentElement.scrollWidth - innerWidth"
BUTTON = """() => {
    const button = document.querySelector(".actions .button");
    if (!button) return Boolean(document.querySelector(".actions .link"));
    const { top, bottom, left, right } = button.getBoundingClientRect();
    return top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth;
}"""
TEXT = "(size) => { document.documentElement.style.fontSize = `${size}%`; }"


def faults(page: Page, width: int, height: int, text: int = 100) -> list[str]:
    """What does not fit at this size."""
    page.set_viewport_size(ViewportSize(width=width, height=height))
    page.evaluate(TEXT, text)
    page.evaluate("() => scrollTo(0, 0)")
    where = f"{width}x{height}" + (f" at {text} %" if text != 100 else "")
    wide = page.evaluate(TOO_WIDE)
    return [f"{where}: {wide} px too wide"] * (wide > 0) + [f"{where}: button out of sight"] * (
        not page.evaluate(BUTTON)
    )


@pytest.mark.parametrize("state", STATES)
def test_a_face_fits(panel: Watched, on_stage: Stage, state: str) -> None:
    if state != "offered":
        on_stage.becomes(state)
        panel.answers_in(1)
    found = []
    for width, height, text in [*((*size, 100) for size in SIZES), *LARGE]:
        found += faults(panel.page, width, height, text)
        picture(panel.page, f"fits/{state}-{width}x{height}-{text}")
    assert found == []


def test_a_contrast_theme_shows_what_is_a_button(panel: Watched, on_stage: Stage) -> None:
    panel.page.emulate_media(forced_colors="active")
    edge = panel.page.locator(".actions .button").evaluate("(button) => getComputedStyle(button).borderTopStyle")
    assert edge == "solid"


@pytest.mark.parametrize("path", ["/decline", "/number"])
def test_the_pages_beside_it_fit(panel: Watched, on_stage: Stage, path: str) -> None:
    panel.page.goto(on_stage.link + path)
    found = [fault for size in SIZES for fault in faults(panel.page, *size) if "wide" in fault]
    found += [fault for size in LARGE for fault in faults(panel.page, *size) if "wide" in fault]
    assert found == []


def test_every_reason_is_in_sight_and_as_large_as_a_thumb(panel: Watched, on_stage: Stage) -> None:
    panel.page.set_viewport_size(ViewportSize(width=360, height=740))
    panel.page.goto(f"{on_stage.link}/decline")
    boxes = [reason.bounding_box() for reason in panel.page.locator(".choices button").all()]
    assert len(boxes) == 5
    assert all(box is not None and box["height"] >= 44 and box["y"] + box["height"] <= 740 for box in boxes)


def test_on_paper_stands_the_referral_and_nothing_to_press(panel: Watched, on_stage: Stage) -> None:
    panel.page.emulate_media(media="print")
    seen = [button for button in panel.page.get_by_role("button").all() if button.is_visible()]
    assert seen == []
    assert panel.page.get_by_role("heading", level=1).is_visible()


def test_one_long_word_breaks_no_page(panel: Watched, on_stage: Stage) -> None:
    on_stage.connection.execute("UPDATE referral SET city = repeat('Mooselookmeguntic', 4)")
    panel.page.reload()
    assert [fault for size in SIZES for fault in faults(panel.page, *size) if "wide" in fault] == []
