"""The manifest, as a phone reads it, and what Chromium itself says of installing."""

import re
import shutil
from pathlib import Path
from typing import Any, Literal

import pytest
import requests
from playwright.sync_api import Browser, Page

from tests.support.browser.chromium import FLAGS
from tests.support.browser.device import Device
from tests.support.world.network import Network
from tests.support.world.product import Product


@pytest.fixture
def manifest(product: Product, network: Network) -> dict[str, Any]:
    answer = requests.get(f"{product.url}/manifest.webmanifest", timeout=10)
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert "Set-Cookie" not in answer.headers
    found: dict[str, Any] = answer.json()
    return found


def size_of(png: bytes) -> str:
    assert png.startswith(b"\x89PNG")
    return f"{int.from_bytes(png[16:20])}x{int.from_bytes(png[20:24])}"


def test_it_says_what_the_app_is(manifest: dict[str, Any], product: Product) -> None:
    assert (manifest["id"], manifest["scope"], manifest["start_url"]) == ("/", "/", "/referrals")
    assert (manifest["name"], manifest["short_name"], manifest["display"]) == ("Dibs", "Dibs", "standalone")
    assert manifest["handle_links"] == "preferred"
    assert manifest["launch_handler"]["client_mode"][0] == "navigate-existing"
    assert {each["name"]: each["url"] for each in manifest["shortcuts"]} == {
        "Referrals": "/referrals", "How we reach you": "/channels",
    }  # fmt: skip
    with product.web_with(BRAND_NAME="Lakeline"):
        assert requests.get(f"{product.url}/manifest.webmanifest", timeout=10).json()["name"] == "Lakeline"


def test_every_picture_is_there_and_as_large_as_it_says(manifest: dict[str, Any], product: Product) -> None:
    assert {(each["sizes"], each["purpose"]) for each in manifest["icons"]} == {
        ("192x192", "any"), ("512x512", "any"), ("192x192", "maskable"), ("512x512", "maskable"),
    }  # fmt: skip
    assert {each["form_factor"] for each in manifest["screenshots"]} == {"narrow", "wide"}
    shortcuts = [icon for each in manifest["shortcuts"] for icon in each["icons"]]
    for picture in manifest["icons"] + manifest["screenshots"] + shortcuts:
        png = requests.get(product.url + picture["src"], timeout=10).content
        assert size_of(png) == picture["sizes"]
        assert len(png) < 100 * 1024, picture["src"]


def test_an_iphone_finds_its_icon_where_it_looks(product: Product, network: Network) -> None:
    assert size_of(requests.get(f"{product.url}/apple-touch-icon.png", timeout=10).content) == "180x180"


def corner(page: Page, src: str) -> list[int]:
    """The colour and the opacity of a picture's first pixel."""
    found: list[int] = page.evaluate(
        """async (src) => {
          const picture = new Image(); picture.src = src; await picture.decode();
          const canvas = document.createElement("canvas"), at = canvas.getContext("2d");
          at.drawImage(picture, 0, 0); return [...at.getImageData(0, 0, 1, 1).data];
        }""",
        src,
    )
    return found


def test_a_maskable_icon_is_filled_to_its_corners(browser: Browser, manifest: dict[str, Any], product: Product) -> None:
    page = browser.new_page()
    page.goto(f"{product.url}/sign-in")
    for icon in manifest["icons"]:
        assert corner(page, icon["src"])[3] == (255 if icon["purpose"] == "maskable" else 0)
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_colours_are_the_pages(
    browser: Browser, manifest: dict[str, Any], product: Product, scheme: Literal["light", "dark"]
) -> None:
    page = browser.new_page(color_scheme=scheme)
    page.goto(f"{product.url}/sign-in")
    ground = page.evaluate("""() => {
      const at = document.createElement("canvas").getContext("2d");
      at.fillStyle = getComputedStyle(document.body).backgroundColor; at.fillRect(0, 0, 1, 1);
      const two = (octet) => octet.toString(16).padStart(2, "0");
      return "#" + [...at.getImageData(0, 0, 1, 1).data].slice(0, 3).map(two).join("");
    }""")
    named = re.search(rf'name="theme-color" content="(#\w+)" media="\(prefers-color-scheme: {scheme}', page.content())
    assert named is not None
    assert named[1] == ground
    if scheme == "light":
        assert manifest["theme_color"] == manifest["background_color"] == ground
    page.close()


def test_chromium_finds_nothing_against_installing(
    browser: Browser, product: Product, network: Network, tmp_path: Path
) -> None:
    sam = network.add_agent()
    chromium = shutil.which("chromium")
    made = browser.browser_type.launch_persistent_context(tmp_path, executable_path=chromium, args=FLAGS)
    device = Device(made, product)
    device.signs_in(sam)
    devtools = made.new_cdp_session(device.page)
    read = devtools.send("Page.getAppManifest")
    assert (read["url"], read["errors"]) == (f"{product.url}/manifest.webmanifest", [])
    assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    assert devtools.send("Page.getAppId")["appId"] == f"{product.url}/"
    made.close()


def test_the_claim_page_registers_nothing(browser: Browser, network: Network) -> None:
    sam = network.add_agent()
    context = browser.new_context()
    page = context.new_page()
    page.goto(network.link(network.refer(agent_id=sam.id), sam))
    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    assert page.locator("[data-push-notice], [data-install-notice], [data-push-state]").count() == 0
    context.close()
