"""What a mail program does to colours leaves a mail readable: when it honours dark, inverts, or does nothing."""

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from app.notifications.cast import LONGEST, TYPICAL
from app.notifications.channels.rules import Channel
from app.notifications.kinds import Kind
from tests.support.browser.chromium import picture
from tests.support.phone.words import Words, by

ENOUGH, OUTDOORS = 4.5, 7.0
READ = {".accent[href]": OUTDOORS, "h1": OUTDOORS, ".quiet": ENOUGH}
GROUND_AND_INK = """element => {
  let ground = element;
  while (getComputedStyle(ground).backgroundColor === "rgba(0, 0, 0, 0)") ground = ground.parentElement;
  return [getComputedStyle(ground).backgroundColor, getComputedStyle(element).color];
}"""


def channels(colour: str) -> list[int]:
    found = [int(part) for part in re.findall(r"\d+", colour)]
    assert len(found) == 3, colour
    return found


def contrast(one: list[int], other: list[int]) -> float:
    """WCAG 2.2, relative luminance."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: list[int]) -> float:
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.fixture(scope="module")
def reader(browser: Browser) -> Iterator[Page]:
    """What a mail is opened in."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def opened(reader: Page, mail: str, scheme: Literal["light", "dark"], width: int = 640) -> Page:
    reader.set_viewport_size({"width": width, "height": 900})
    reader.emulate_media(color_scheme=scheme)
    reader.set_content(mail)
    return reader


@pytest.mark.parametrize("kind", by(Channel.EMAIL), ids=str)
@pytest.mark.parametrize("program", ["light", "dark", "inverting"])
def test_a_mail_is_readable_in_any_program(words: Words, reader: Page, kind: Kind, program: str) -> None:
    page = opened(reader, words.mail(kind).html, "dark" if program == "dark" else "light")
    for selector, enough in READ.items():
        for ground_and_ink in page.locator(selector).evaluate_all(f"all => all.map({GROUND_AND_INK})"):
            ground, ink = (channels(colour) for colour in ground_and_ink)
            if program == "inverting":
                ground, ink = ([255 - part for part in colour] for colour in (ground, ink))
            assert contrast(ground, ink) >= enough, (selector, ground, ink)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(14, 20, 17)" if program == "dark" else "rgb(250, 249, 245)"
    )


@pytest.mark.parametrize("kind", by(Channel.EMAIL), ids=str)
@pytest.mark.parametrize("width", [360, 640])
def test_a_mail_fits_a_phone_and_a_desk(words: Words, reader: Page, kind: Kind, width: int) -> None:
    for name, cast in (("", TYPICAL), ("-longest", LONGEST)):
        for scheme in ("light", "dark"):
            page = opened(reader, words.mail(kind, cast).html, scheme, width)  # type: ignore[arg-type]
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            button = page.locator("a.accent").bounding_box()
            assert button is not None
            assert button["height"] >= 56
            picture(page, f"mail/{kind}-{width}-{scheme}{name}")
            if scheme == "light" and not name:
                page.evaluate("document.documentElement.style.filter = 'invert(1) hue-rotate(180deg)'")
                picture(page, f"mail/{kind}-{width}-inverted")
