"""The catalogues hold all that is said, in words that fit where they stand; and nothing is said past them."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from jinja2 import Environment, nodes

from app.core.language import EN, LANGUAGES
from app.notifications.wording.gsm7 import is_gsm7
from deploy.processes import ROOT
from devtools import words

CATALOGUES = sorted(words.CATALOGUES.glob("*/LC_MESSAGES/messages.po"))
TEMPLATES = ROOT / "templates"
JINJA = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, autoescape=True)
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}|%%|&nbsp;|</?\w+>")
LOOKED_UP = {"_", "gettext", "ngettext", "mark"}
NO_WORDS = {"Subject:", "claim", 'tabindex="-1"', '"reload"'}
TO_AGENTS_AND_CLIENTS = [path for path in sorted(TEMPLATES.rglob("*.*")) if "admin" not in path.parts]
"""The desk speaks English."""


def test_each_language_but_english_has_a_catalogue() -> None:
    assert {path.parents[1].name for path in CATALOGUES} == set(LANGUAGES) - {EN}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parents[1].name)
def test_a_catalogue_has_all_that_is_said_and_nothing_else(path: Path, tmp_path: Path) -> None:
    """After a change of words: `make words`, and translate what is empty."""
    again = tmp_path / "again.po"
    words.write(words.brought_up(words.read_catalogue(path), words.collected()), again)
    assert again.read_text(encoding="utf-8") == path.read_text(encoding="utf-8")
    assert [message.id for message in messages(path) if not words.is_translated(message.string)] == []
    assert [message.id for message in messages(path) if message.fuzzy] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parents[1].name)
def test_a_translation_has_the_names_of_its_original(path: Path) -> None:
    for message in messages(path):
        for original, translation in forms(message):
            assert sorted(PLACEHOLDER.findall(translation)) == sorted(PLACEHOLDER.findall(original)), translation


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parents[1].name)
def test_words_of_texts_are_in_the_alphabet_of_texts(path: Path) -> None:
    """A single letter outside GSM-7 would more than halve the room in a text."""
    said = {text for template in (TEMPLATES / "sms").iterdir() for text in looked_up(template)}
    assert len(said) > 40
    for message in messages(path):
        for original, translation in forms(message):
            if original in said:
                assert is_gsm7(translation), translation


@pytest.mark.parametrize("template", TO_AGENTS_AND_CLIENTS, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_says_nothing_past_the_catalogue(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    assert list(bare_words(source)) == []
    assert [text for text in unmarked(JINJA.parse(source)) if is_prose(text)] == []


NOT_READ_BY_THEM = {
    "http/health.py", "http/middleware.py", "http/server.py", "claims/page.py", "calls/reasons.py",
    "people/service.py", "routing/intake.py", "referrals/schemas.py",
}  # fmt: skip
"""What machines, the desk and the network's software read."""
UNREAD = {
    "no PIN is free",
    "text START",
    "Saturday at ten suits me. Shall I come by?",
    "A signed form",
    "Their spoken word",
    "Business with us",
    "Their inquiry",
    "Offered to ",
    ", and nothing can tell them of it",
    "Not by ",
}
"""Beside it: what an operator reads, the source of a consent, an agent's own words in a sample, the desk's words."""
MODULES = sorted(
    path
    for folder in (
        "web",
        "http",
        "pipeline",
        "people",
        "bookings",
        "claims",
        "calls",
        "inbound",
        "offers",
        "referrals",
        "numbers",
    )
    for path in (ROOT / "app" / folder).rglob("*.py")
    if f"{folder}/{path.name}" not in NOT_READ_BY_THEM
) + [ROOT / "app" / "history" / f"{name}.py" for name in ("story", "deal_lines", "client_lines", "message_lines")]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT / "app")))
def test_code_says_nothing_past_the_catalogue(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    assert [text for text in said_in(tree) if is_sentence(text) and text not in UNREAD] == []


SCRIPT_WORDS = re.compile(r"""["'`][^"'`\n();]*[A-Za-z']{2,} [a-z]{2,} [a-z]{2,}[^"'`\n();]*["'`]""")


@pytest.mark.parametrize("script", sorted((ROOT / "static" / "js").glob("*.js")), ids=lambda path: path.name)
def test_a_script_says_only_what_its_page_gives_it(script: Path) -> None:
    code = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", script.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert SCRIPT_WORDS.findall(code) == []


def messages(path: Path) -> Iterator[Message]:
    return (message for message in words.read_catalogue(path) if message.id)


def forms(message: Message) -> Iterator[tuple[str, str]]:
    """Original and translation of each form; a singular may do without the number."""
    if isinstance(message.id, str):
        yield message.id, str(message.string)
        return
    for n, translation in enumerate(message.string):
        yield message.id[min(n, 1)], translation


def looked_up(template: Path) -> Iterator[str]:
    """The originals that a template looks up."""
    for call in JINJA.parse(template.read_text(encoding="utf-8")).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in LOOKED_UP:
            yield from (
                node.value for node in call.args if isinstance(node, nodes.Const) and isinstance(node.value, str)
            )


def unmarked(node: nodes.Node) -> Iterator[str]:
    """Strings in expressions that are not looked up, and are not compared with anything."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in LOOKED_UP:
        for keyword in node.kwargs:
            yield from unmarked(keyword)
        return
    if isinstance(
        node, nodes.Compare | nodes.Getitem | nodes.Include | nodes.Extends | nodes.FromImport | nodes.TemplateData
    ):
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    for child in node.iter_child_nodes():
        yield from unmarked(child)


def is_prose(text: str) -> bool:
    """Words for people, and no name of something in the machine."""
    return bool(re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", text) or re.match(r"[A-Z][a-z]+\b", text)) and "<" not in text


NOT_SAID = {"text", "CheckConstraint", "ValueError", "Index", "info", "warning", "mark", "_", "ngettext"}
"""Calls whose words nobody reads, or reads in another language."""
FOR_ADMINS = {"title", "when", "line", "over", "words", "notes"}
"""Of a kind of message: what the desk calls it, and its samples."""


def said_in(node: ast.AST) -> Iterator[str]:
    """String literals that may be words for people: no docstring, SQL or log, nothing that is looked up."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func).rpartition(".")[2]
        if name in NOT_SAID:
            return
    if isinstance(node, ast.keyword) and node.arg in FOR_ADMINS:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from said_in(child)


def is_sentence(text: str) -> bool:
    """At least two words, one of them no name."""
    return bool(re.search(r"[A-Za-z']{2,} [a-z]{2,}|\b[a-z]{2,} [A-Za-z]{2,}", text)) and not re.search(
        r"[<=]|\(\?", text
    )


class _Shown(HTMLParser):
    """What a page shows or reads out: text, and the attributes that are words."""

    SPOKEN = ("aria-label", "placeholder", "title", "alt")
    SILENT = ("style", "script")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self.SILENT
        self.found += [
            value or "" for name, value in attrs if name in self.SPOKEN and not set(value or "") <= {"x", " "}
        ]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in self.SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)


def bare_words(source: str) -> Iterator[str]:
    """Text of a template that stands there as it is."""
    kept = ""
    for _line, kind, value in JINJA.lex(source):
        inside_a_tag = kept.rfind("<") > kept.rfind(">")
        kept += value if kind == "data" else "" if "comment" in kind else "x" if inside_a_tag else "\0"
    shown = _Shown()
    shown.feed(kept)
    shown.close()
    for text in shown.found:
        yield from (
            part.strip()
            for part in text.split("\0")
            if re.search(r"[A-Za-z]{2,}", part) and part.strip() not in NO_WORDS
        )
