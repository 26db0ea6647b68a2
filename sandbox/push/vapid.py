"""Who sends a push message: the signed claim in its Authorization header. RFC 8292"""

import time

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from sandbox.push.browsers import decode

LONGEST_LIFE = 24 * 3600
CONTACTS = ("mailto:", "https:")
UNAUTHORIZED, FORBIDDEN = 401, 403


class Refused(Exception):
    """A push that is not taken."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


def check_vapid(header: str, *, audience: str, server_key: str) -> None:
    """Raises Refused: 401 without the header, 403 when what it claims does not hold."""
    scheme, _, rest = header.partition(" ")
    given = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
    if scheme.lower() != "vapid" or not {"t", "k"} <= set(given):
        raise Refused(UNAUTHORIZED, "Authorization has to be: vapid t=..., k=...")
    try:
        point = decode(given["k"])
        key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    except ValueError:
        raise Refused(FORBIDDEN, "k is no point on P-256") from None
    if server_key and decode(server_key) != point:
        raise Refused(FORBIDDEN, "k is not the applicationServerKey of this subscription")
    _check_claims(given["t"], key, audience)


def _check_claims(token: str, key: EllipticCurvePublicKey, audience: str) -> None:
    try:
        claims = jwt.decode(token, key, algorithms=["ES256"], audience=audience, options={"require": ["aud", "exp"]})
    except jwt.InvalidTokenError as error:
        raise Refused(FORBIDDEN, f"t: {error}") from None
    if int(claims["exp"]) - time.time() > LONGEST_LIFE:
        raise Refused(FORBIDDEN, "t: exp is more than 24 hours away")
    if not str(claims.get("sub", "")).startswith(CONTACTS):
        raise Refused(FORBIDDEN, "t: sub is neither mailto: nor https:")
