"""The language of what is said: words from the catalogues in app/translations, numbers and times by Babel's locale.

English stands in the code, and is what is looked up. Outside an app everything is said in English.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import flask_babel
from babel import Locale
from flask import Flask, g

EN, ES = "en", "es"
LANGUAGES: Mapping[str, str] = {EN: "English", ES: "Español"}
"""What agents and clients are spoken to in, each by its own name."""
LOCALES = {EN: Locale("en", "US"), ES: Locale("es", "US")}


def register_languages(app: Flask, otherwise: Callable[[], str]) -> None:
    """Lets words be looked up; `otherwise`: the language of a request for which `speak` was not called."""

    def chosen() -> str:
        return str(LOCALES[g.language if "language" in g else otherwise()])

    flask_babel.Babel(app, default_locale=str(LOCALES[EN]), locale_selector=chosen)
    app.jinja_env.globals.update(language=language)


def known(language: str | None) -> str:
    """This language, if there are words for it; English for any other."""
    return language if language in LOCALES else EN


def speak(language: str | None) -> None:
    """The rest of this request is in this language."""
    if getattr(g, "language", None) != known(language):
        g.language = known(language)
        flask_babel.refresh()


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """What is said inside is in this language: a message to somebody else than who asks."""
    with flask_babel.force_locale(str(LOCALES[known(language)])):
        yield


def locale() -> Locale:
    """The locale of what is being said."""
    return flask_babel.get_locale() or LOCALES[EN]


def language() -> str:
    """The language of what is being said."""
    return locale().language


def gettext(words: str, /, **names: object) -> str:
    """These words in the language of the moment; `%(name)s` in them is filled in."""
    return str(flask_babel.gettext(words, **names))


def ngettext(one: str, other: str, count: int, /, **names: object) -> str:
    """The form that fits the count, which is `%(num)s` in it."""
    return str(flask_babel.ngettext(one, other, count, **names))


def mark(words: str) -> str:
    """Words that are looked up where they are used: this only lets them be found for the catalogues."""
    return words
