"""What of a person's name may be shown: one rule for page, phone, text and mail.

A surname is never shown before the claim, so a name that leaves any doubt becomes "the client".
"""

import re
import unicodedata

from app.core.language import gettext as _
from app.core.language import mark

THE_CLIENT = mark("the client")
TITLES = frozenset({
    "capt", "captain", "dame", "doctor", "don", "doña", "dr", "dra", "fr", "frau", "herr", "hon", "lady", "lord", "m",
    "miss", "mister", "mlle", "mme", "monsieur", "mr", "mrs", "ms", "mx", "pastor", "prof", "professor", "rev", "señor",
    "señora", "sir", "sr", "sra", "srta",
})  # fmt: skip
AFTER = frozenset({"cpa", "dds", "esq", "ii", "iii", "iv", "jd", "jr", "mba", "md", "phd", "realtor", "rn", "sr"})
"""Suffixes: whether or not a comma comes before them, the name is not inverted."""
PARTICLES = frozenset({
    "al", "bin", "da", "das", "de", "del", "della", "der", "des", "di", "do", "dos", "du", "el", "la", "le", "lo",
    "los", "mac", "o", "saint", "san", "santa", "st", "ten", "ter", "van", "vande", "vander", "von", "zu",
})  # fmt: skip
"""A name that begins with one of these begins with the surname."""
NO_PERSON = frozenset({
    "c/o", "co", "company", "corp", "estate", "family", "familia", "group", "holdings", "homes", "household", "inc",
    "llc", "ltd", "properties", "realty", "the", "trust", "trustee",
})  # fmt: skip
FAMILIES = frozenset({
    "aguilar", "alvarez", "anderson", "bui", "castillo", "chavez", "chen", "choi", "collins", "dang", "diaz", "duong",
    "fernandez", "flores", "garcia", "gomez", "gonzales", "gonzalez", "gutierrez", "hernandez", "herrera", "hoang",
    "huang", "huynh", "jimenez", "johnson", "jones", "kim", "le", "li", "lin", "liu", "lopez", "martinez", "medina",
    "mendoza", "miller", "moore", "morales", "ngo", "nguyen", "ortiz", "park", "patel", "perez", "peterson", "pham",
    "ramirez", "ramos", "reyes", "rivera", "robinson", "rodriguez", "romero", "ruiz", "sanchez", "singh", "smith",
    "tran", "torres", "vargas", "vasquez", "vu", "wang", "williams", "wilson", "wright", "wu", "yang", "zhang",
})  # fmt: skip
"""Surnames so common, and so rare as given names, that a name beginning with one is most likely inverted. Without
accents. From the 2010 US census, with the most common ones of Vietnam, China and Korea."""
EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
"""In Japanese, Chinese and Korean script the surname comes first."""
MARKS = "\"'()[]{}<>\u201c\u201d\u2018\u2019\u00ab\u00bb"
STRAY = re.compile(r"[/\\|;:+=*#@]|\d.*\d.*\d", re.DOTALL)
"""A slash, an email address, a number: there is no telling which part is which."""
GLUED_TITLE = re.compile(r"^([^\W\d_]+)\.(?=[^\W\d_]{2})")
TOGETHER = re.compile(r"\s(?:&|and|y|e|und|et)\s", re.IGNORECASE)
INITIAL = re.compile(r"[A-Za-z\u00c0-\u024f]\.?")
HAS_LETTER = re.compile(r"[^\W\d_]")


def given_name(full: str) -> str | None:
    """The given name in a full name: `Maria` of "Maria Lopez", "Lopez, Maria" and "Dr. Maria Lopez".

    None if it cannot be told from a surname, or there is none: a single word, an email address, an estate.
    """
    name = unicodedata.normalize("NFKC", full)
    if STRAY.search(name) or any(_plain(piece) in NO_PERSON for piece in name.split()):
        return None
    first, *others = TOGETHER.split(name, maxsplit=1)
    if others and "," not in name and len(_pieces(first)) == 1 < len(_pieces(others[0])):
        return _shown(_pieces(first)[0])  # Maria and John Lopez
    return _of_one(first)


def shown_client(full: str, given: str | None = None) -> str:
    """How a client is called before the claim, and by the voice at any time: `Maria`, else `the client`.

    `given`: the given name, where it was told apart.
    """
    return given or given_name(full) or _(THE_CLIENT)


def shown_agent(full: str) -> str:
    """How an agent is called by those who know them: the given name, else the whole name as the network wrote it."""
    return given_name(full) or " ".join(full.split())


def _of_one(name: str) -> str | None:
    parts = [pieces for part in name.split(",") if (pieces := _pieces(part))]
    if len(parts) == 2:  # noqa: PLR2004 - Lopez, Maria
        return _shown(parts[1][0])
    if len(parts) != 1 or len(parts[0]) == 1:
        return None
    pieces = parts[0]
    if EAST_ASIAN.search(name):
        return pieces[-1] if all(EAST_ASIAN.fullmatch(piece) for piece in pieces) else None
    return _shown(pieces[0])


def _pieces(part: str) -> list[str]:
    """The words of a name, without punctuation, titles, leading initials and suffixes."""
    part = GLUED_TITLE.sub(lambda title: f"{title[0]} " if _plain(title[1]) in TITLES else title[0], part.strip())
    pieces = [piece for word in part.split() if HAS_LETTER.search(piece := word.strip(MARKS))]
    while pieces and _plain(pieces[0]) in TITLES:
        pieces = pieces[1:]
    while pieces and _plain(pieces[-1]) in AFTER:
        pieces = pieces[:-1]
    while len(pieces) > 1 and INITIAL.fullmatch(pieces[0]):
        pieces = pieces[1:]
    return pieces


def _shown(piece: str) -> str | None:
    """The word, unless it is most likely a surname."""
    plain = _plain(piece)
    return None if plain in PARTICLES or plain in FAMILIES or INITIAL.fullmatch(piece) else piece


def _plain(piece: str) -> str:
    """In lower case, without dots, punctuation and accents other than ñ, as in the lists above."""
    bare = piece.strip(MARKS + ",").replace(".", "").casefold()
    return "".join(letter if letter == "ñ" else unicodedata.normalize("NFD", letter)[0] for letter in bare)


def initials(name: str) -> str:
    """`M. D.` for Maria Delgado: as much of a client as a list shows."""
    return " ".join(f"{word[0].upper()}." for word in name.split() if word[0].isalpha())[:8].strip() or "?"
