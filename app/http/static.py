"""Static files: served from `static/`, fingerprinted as a whole, compressed, cached for ever.

A file is about one part, and a page wants few requests: files that each page needs are joined as the app starts.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.wrappers import Request, Response
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

STATIC_DIR = Path(__file__).resolve().parents[2] / "static"
COMPRESSED = (".gz", ".br")
NOSNIFF = ("X-Content-Type-Options", "nosniff")
FOR_EVER = "max-age=31536000, public, immutable"
STYLE_SHEET, HTMX = "css/dibs.css", "vendor/htmx.js"
LIVE, PORTAL, DESK = "js/live.js", "js/portal.js", "js/desk_board.js"
JOINED: dict[str, tuple[str, ...]] = {
    STYLE_SHEET: tuple(
        f"css/{part}.css" for part in ("tokens", "base", "layout", "parts", "call", "desk", "reach", "portal", "fits")
    ),
    HTMX: ("vendor/htmx.min.js", "vendor/hx-ptag.min.js"),
    LIVE: ("js/polling.js", "js/presses.js", "js/once.js", "js/clocks.js", "js/tab.js", "js/looked.js"),
    DESK: ("js/arrivals.js", "js/keys.js", "js/board.js"),
    PORTAL: ("js/notes.js", "js/arrivals.js", "js/keys.js"),
}
"""Name of each joined file -> its parts in order. The first style sheet names the layers; an extension follows htmx
in one file, since htmx takes up the page as soon as it runs."""
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


@dataclass(frozen=True)
class _Joined:
    content_type: str
    by_encoding: dict[str, bytes]


class JoinedFiles:
    """WSGI middleware that answers them itself: no session, so nothing that varies by a cookie."""

    def __init__(self, inner: "WSGIApplication", prefix: str) -> None:
        self.inner = inner
        self.files = {prefix + name: _join(name, parts) for name, parts in JOINED.items()}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        joined = self.files.get(environ["PATH_INFO"])
        if joined is None:
            return self.inner(environ, start_response)
        return _answer(Request(environ), joined)(environ, start_response)


def register_static(app: Flask) -> None:
    """Serves the files, and gives templates `static('icons/icon.svg')`.

    One fingerprint over all files: relative addresses in style sheets stay true, and a release that changes
    one file costs a returning agent about 30 KB.
    """
    prefix = f"/static/{_fingerprint()}/"
    app.jinja_env.globals["static"] = lambda name: prefix + name
    app.extensions["static_prefix"] = prefix
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        JoinedFiles(app.wsgi_app, prefix),
        root=STATIC_DIR,
        prefix=prefix,
        immutable_file_test=lambda _path, _url: True,
        allow_all_origins=False,
        add_headers_function=lambda headers, _path, _url: headers.add_header(*NOSNIFF),
    )


def _join(name: str, parts: tuple[str, ...]) -> _Joined:
    contents = [(STATIC_DIR / part).read_bytes() for part in parts]
    if name in (LIVE, PORTAL, DESK):  # a block keeps each module's names apart, as its own file would
        contents = [b"{\n" + content + b"}" for content in contents]
    content = b"\n".join(contents)
    return _Joined(
        TYPES[Path(name).suffix],
        {
            "br": Compressor.compress_brotli(content),
            "gzip": Compressor.compress_gzip(content),
            "identity": content,
        },
    )


def _answer(request: Request, joined: _Joined) -> Response:
    encoding = request.accept_encodings.best_match(joined.by_encoding, default="identity")
    response = Response(joined.by_encoding[encoding], content_type=joined.content_type)
    response.headers["Cache-Control"] = FOR_EVER
    response.headers.add(*NOSNIFF)
    response.vary.add("Accept-Encoding")
    if encoding != "identity":
        response.content_encoding = encoding
    return response


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(STATIC_DIR.rglob("*")):
        if path.is_file() and path.suffix not in COMPRESSED:
            digest.update(path.relative_to(STATIC_DIR).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
