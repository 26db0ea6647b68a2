"""Tokens survive what mail and chat programs do to links, and nothing else."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from uuid import UUID

import pytest

from app.core.tokens import Purpose, TokenSigner

KEY = b"a-key-of-thirty-two-characters-x"
SIGNER = TokenSigner((KEY,))
ROWS = [UUID(bytes=hashlib.sha256(b"%d" % n).digest()[:16]) for n in range(400)]


def token_of_before(row: UUID) -> str:
    """As it was signed when tokens might end in anything."""
    head = hashlib.sha256(b"dibs key id" + KEY).digest()[:1] + row.bytes
    salted = hmac.digest(KEY, b"dibs link offer", "sha256")
    return urlsafe_b64encode(head + hmac.digest(salted, head, "sha256")[:10]).decode()


def test_no_token_ends_in_what_is_left_out_of_a_link_and_those_of_before_open_still() -> None:
    tokens = [SIGNER.sign(Purpose.OFFER, row) for row in ROWS]
    before = [token_of_before(row) for row in ROWS]
    assert any(token.endswith(("-", "_")) for token in before)
    assert not any(token.endswith(("-", "_")) for token in tokens)
    assert [SIGNER.verify(Purpose.OFFER, token) for token in tokens] == ROWS
    assert [SIGNER.verify(Purpose.OFFER, token) for token in before] == ROWS
    assert {token[:-14] == other[:-14] for token, other in zip(tokens, before, strict=True)} == {True}


@pytest.mark.parametrize("behind", [".", ")", ",", ").", ">", "]", '"', "\u201d", "\u3002", "*", "_", " ", ", thanks"])
def test_what_stands_behind_a_link_is_let_go(behind: str) -> None:
    assert SIGNER.verify(Purpose.OFFER, SIGNER.sign(Purpose.OFFER, ROWS[0]) + behind) == ROWS[0]


def test_an_altered_token_opens_nothing() -> None:
    token = SIGNER.sign(Purpose.OFFER, ROWS[0])
    other = "A" if token[-1] != "A" else "B"
    for wrong in (
        token[:-1],
        token + "x",
        token[:-1] + other,
        token[:-1] + ".",
        "." + token,
        token[:20] + "." + token[20:],
    ):
        assert SIGNER.verify(Purpose.OFFER, wrong) is None
    assert SIGNER.verify(Purpose.SIGN_IN, token) is None
