"""The one word that people and referrals share."""

from enum import StrEnum

from app.core.language import gettext as _
from app.core.language import mark


class ReferralKind(StrEnum):
    """What a client wants to do, and which clients an agent takes."""

    BUYER = "buyer"
    SELLER = "seller"


KIND_WORDS = {ReferralKind.BUYER: mark("buyer"), ReferralKind.SELLER: mark("seller")}


def kind_word(kind: ReferralKind) -> str:
    """`buyer`, `comprador`."""
    return _(KIND_WORDS[kind])
