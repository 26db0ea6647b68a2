"""Changing the number in a real browser, on a phone and at a desk."""

import re
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser.chromium import SIZES, opened_page, picture
from tests.support.browser.page import Page
from tests.support.phone.number import later


@pytest.mark.parametrize("size", SIZES)
def test_in_a_browser(browser: Browser, page: Page, connection: psycopg.Connection[Any], size: str) -> None:
    tab, complaints = opened_page(browser, page.link, size)
    claim = tab.get_by_role("button", name="Call me to Claim Referral").bounding_box()
    tab.get_by_role("link", name="Not your number").click()
    expect(tab.get_by_label("Phone")).to_be_focused()
    text_me = tab.get_by_role("button", name="Text me a code")
    box = text_me.bounding_box()
    assert claim is not None
    assert box is not None
    assert box["height"] >= 56
    assert size == "phone" or abs(box["y"] - claim["y"]) < 2
    picture(tab, f"number-{size}")

    tab.get_by_label("Phone").fill("512 555 9999")
    text_me.click()
    expect(tab.get_by_label("Code")).to_be_focused()
    again = tab.get_by_role("button", name=re.compile("Send it again"))
    expect(again).to_be_disabled()
    later(connection, 27)
    tab.reload()
    picture(tab, f"number-code-{size}")
    expect(again).to_be_enabled()
    (code,) = connection.execute("SELECT code FROM number_change").fetchone() or ("",)
    tab.get_by_label("Code").fill(str(code))
    tab.keyboard.press("Enter")  # what it presses is the main button, not one of the quiet ones
    expect(tab.locator(".rings-at b")).to_have_text("(512) 555-9999")
    assert complaints == []
    tab.context.close()
