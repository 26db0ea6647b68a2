"""The one word that people and referrals share."""

from enum import StrEnum


class ReferralKind(StrEnum):
    """What a client wants to do, and which clients an agent takes."""

    BUYER = "buyer"
    SELLER = "seller"
