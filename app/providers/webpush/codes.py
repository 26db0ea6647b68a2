"""What a push service means by its HTTP status (RFC 8030)."""

from app.core.language import mark
from app.providers.fate import SERVER_ERROR, Code, P, R

PUSH: dict[str, Code] = {
    "400": Code(P, mark("the push service finds the request wrong")),
    "401": Code(P, mark("the push service does not accept our key")),
    "403": Code(P, mark("the push service does not accept our key for this browser")),
    "404": Code(P, mark("the browser is gone"), "gone"),
    "410": Code(P, mark("the browser is gone"), "gone"),
    "413": Code(P, mark("the message is too large")),
    "429": Code(R, mark("too many at once")),
}


def push_code(status: int) -> Code:
    """What a push service's answer says. Repeating one that may have been taken is safe: its topic replaces it."""
    known = PUSH.get(str(status))
    if known is not None:
        return known
    return Code(R, mark("the push service is not well")) if status >= SERVER_ERROR else Code(P, mark("refused"))
