"""A claim page in a browser whose clock the test holds, so that minutes pass at once and none by itself."""

from datetime import datetime

from playwright.sync_api import Page, expect

OPENED, PAUSED = datetime(2026, 3, 2, 9, 0), datetime(2026, 3, 2, 9, 1)  # noqa: DTZ001 (the browser's own)
LISTEN = """
    window.asked = 0; window.answers = [];
    document.addEventListener("htmx:before:request", () => { window.asked += 1; window.answer = null; });
    document.addEventListener("htmx:after:request", (event) => { window.answer = event.detail.ctx.response.status; });
    document.addEventListener("htmx:finally:request", () => { window.answers.push(window.answer); });
"""
SHOWN = """(shown) => {
    Object.defineProperty(document, "hidden", { value: !shown, configurable: true });
    Object.defineProperty(document, "visibilityState", { value: shown ? "visible" : "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
REMEMBER_HEADLINE = """() => {
    window.headline = document.querySelector("h1");
    window.tornOut = false;
    const torn = (node) => node === window.headline || node.contains(window.headline);
    new MutationObserver((changes) => {
        for (const { removedNodes } of changes) window.tornOut ||= [...removedNodes].some(torn);
    }).observe(document, { childList: true, subtree: true });
}"""
SAME_HEADLINE = "() => window.headline === document.querySelector('h1') && !window.tornOut"


class Watched:
    """An open claim page whose time passes only when the test says so, and what it asks."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.heading = page.get_by_role("heading", level=1)
        self.note = page.get_by_role("status").get_by_text("Reconnecting")

    def opens(self, link: str) -> None:
        """As by a tap on the text's link."""
        self.page.clock.install(time=OPENED)
        self.page.add_init_script(LISTEN)
        self.page.goto(link)
        self.page.clock.pause_at(PAUSED)
        self.is_answered()

    def is_answered(self) -> None:
        """No ask is under way."""
        self.page.wait_for_function("() => window.asked === window.answers.length")

    def says_that_it_reconnects(self, says: bool = True) -> None:
        """The region that a screen reader listens to is there from the start; only its words come and go."""
        expect(self.page.get_by_role("status")).to_have_count(1)
        expect(self.note).to_be_visible(visible=says)

    def answers_in(self, seconds: int) -> list[int | None]:
        """Lets so much time pass; how each ask in it was answered, None: not at all."""
        before = self.asked
        for _ in range(seconds):
            self.page.clock.run_for(1000)
            self.is_answered()
        answers: list[int | None] = self.page.evaluate("() => window.answers")
        return answers[before:]

    @property
    def asked(self) -> int:
        """How often it has asked so far."""
        return int(self.page.evaluate("() => window.asked"))

    def remembers_its_headline(self) -> None:
        """From now on it is known whether the headline stays the node that it is."""
        self.page.evaluate(REMEMBER_HEADLINE)

    @property
    def kept_its_headline(self) -> bool:
        """Whether that has never been torn out since, not even to be put back."""
        return bool(self.page.evaluate(SAME_HEADLINE))

    def is_shown(self, shown: bool) -> None:
        """Its tab comes to the front, or goes behind another."""
        self.page.evaluate(SHOWN, shown)
        self.is_answered()
