"""The portal's pages in a browser: at every size, light and dark, over a world of forty clients; by keyboard alone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from app.core.language import EN, ES
from tests.support.browser.chromium import picture
from tests.web.portal.portfolio import Portfolio

SIZES = {"small": (360, 740), "phone": (390, 844), "low": (844, 390), "tablet": (768, 1024), "desk": (1440, 900)}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
IN_SIGHT = "element => { const b = element.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight; }"
CALL = {EN: "Call Maria", ES: "Llamar a Maria"}


@pytest.mark.parametrize("size", SIZES)
def test_every_page_fits_and_reads_well(browser: Browser, portfolio: Portfolio, size: str) -> None:
    width, height = SIZES[size]
    for scheme, language in (("light", EN), ("dark", EN), ("light", ES), ("dark", ES)):
        portfolio.speaks(language)
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
        )
        page = portfolio.signs_in(context)
        complaints: list[str] = []
        page.on("console", lambda message, kept=complaints: kept.append(message.text))
        for name, path in portfolio.paths.items():
            page.goto(portfolio.product.url + path)
            assert page.evaluate(OVERFLOW) <= 0, (name, scheme, language)
            picture(page, f"screens/{name}-{size}-{scheme}{'' if language == EN else '-es'}")
            if size in ("phone", "desk"):
                found = Axe().run(page).response["violations"]
                assert found == [], (name, scheme, language, [one["id"] for one in found])
            if name == "client":
                call = page.get_by_role("button", name=CALL[language], exact=True)
                assert call.evaluate(IN_SIGHT), (size, scheme, language)
        assert complaints == []
        context.close()


def test_text_at_twice_its_size_runs_over_no_edge(browser: Browser, portfolio: Portfolio) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = portfolio.signs_in(context)
    for name, path in portfolio.paths.items():
        page.goto(portfolio.product.url + path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate(OVERFLOW) <= 0, name
    context.close()


def test_a_search_finds_as_it_is_typed_and_stands_in_the_address(browser: Browser, portfolio: Portfolio) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = portfolio.signs_in(context)
    box = page.get_by_role("searchbox")
    box.press_sequentially("delgado")
    expect(page.locator(".client-row").first).to_contain_text("Delgado")
    expect(page.locator(".client-row", has_text="Whitfield")).to_have_count(0)
    page.wait_for_url("**/referrals?q=delgado")
    expect(box).to_be_focused()
    with page.expect_response("**/referrals/list*"):
        pass
    expect(box).to_have_value("delgado")
    page.reload()
    expect(page.locator(".client-row", has_text="Whitfield")).to_have_count(0)
    box.fill("556")
    expect(page.locator(".client-row")).not_to_have_count(0)
    box.fill("nobody at all")
    expect(page.get_by_text("Nobody of yours is found")).to_be_visible()
    context.close()


def test_a_chosen_client_stands_beside_the_list_which_keeps_its_place(browser: Browser, portfolio: Portfolio) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = portfolio.signs_in(context)
    page.goto(portfolio.product.url + portfolio.maria.path)
    column = page.locator(".three > .clients")
    column.evaluate("element => { element.scrollTop = 600 }")
    row = page.locator(".client-row .row").nth(12)
    name = row.locator(".what").inner_text()
    row.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    assert column.evaluate("element => element.scrollTop") == pytest.approx(600, abs=120)
    expect(page.locator(".client-row .row[aria-current]")).to_contain_text(name)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Maria Delgado")
    context.close()


def test_a_note_is_saved_as_it_is_typed(browser: Browser, portfolio: Portfolio) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = portfolio.signs_in(context)
    page.goto(portfolio.product.url + portfolio.maria.path)
    page.get_by_label("A new note").press_sequentially("Has a dog")
    expect(page.locator("#note-saved")).to_contain_text("Saved at")
    context.set_offline(True)
    page.get_by_label("A new note").press_sequentially(", and a cat")
    expect(page.locator("#note-saved")).to_contain_text("Not saved yet")
    context.set_offline(False)
    page.get_by_label("A new note").press_sequentially(".")
    expect(page.locator("#note-saved")).to_contain_text("Saved at")
    page.reload()
    expect(page.locator(".notes")).to_contain_text("Has a dog, and a cat.")
    context.close()


def test_by_keyboard_from_the_list_to_a_call(browser: Browser, portfolio: Portfolio) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = portfolio.signs_in(context)
    page.get_by_role("link", name="Maria Delgado").first.focus()
    page.keyboard.press("Enter")
    call = page.get_by_role("button", name="Call Maria", exact=True)
    expect(call).to_be_visible()
    call.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("ringing")
    portfolio.sam.phone.rings().hang_up().is_over()
    context.close()


def test_on_paper_one_client_stands_alone(browser: Browser, portfolio: Portfolio) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = portfolio.signs_in(context)
    page.goto(portfolio.product.url + portfolio.maria.path)
    page.emulate_media(media="print")
    for shown in ("heading", "What happened"), ("link", portfolio.maria.referral["client"]["email"]):
        expect(page.get_by_role(shown[0], name=shown[1])).to_be_visible()
    expect(page.locator(".client-row").first).to_be_hidden()
    expect(page.get_by_role("button")).to_have_count(0)
    context.close()


def test_in_a_contrast_theme_what_is_chosen_is_told_by_its_edge(browser: Browser, portfolio: Portfolio) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, forced_colors="active")
    page = portfolio.signs_in(context)
    page.goto(portfolio.product.url + portfolio.maria.path)
    width = "element => parseFloat(getComputedStyle(element).borderTopWidth)"
    assert page.locator(".chips [aria-current]").evaluate(width) > page.locator(".chips a").nth(1).evaluate(width)
    assert page.locator(".stage.now").evaluate(width) > page.locator("button.stage").first.evaluate(width)
    context.close()
