"""A referral as the network's software posts it."""

from typing import Any


def referral_to(team_id: object) -> dict[str, Any]:
    """The body of `POST /api/v1/referrals`, for a team."""
    return {
        "kind": "seller",
        "client": {"name": "Maria Delgado", "phone": "(512) 555-7001", "email": "maria@mail.example"},
        "area": {"city": "Austin", "state": "TX", "zip": "78704"},
        "price": {"min": 590_000, "max": 610_000},
        "team_id": str(team_id),
    }
