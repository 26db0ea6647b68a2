"""Who is in the next wave. Pure."""

from collections.abc import Sequence
from uuid import UUID

from app.routing.rules import Rules, Then


def next_wave(ordered: Sequence[UUID], *, sent: int, pooled: bool, rules: Rules) -> list[UUID]:
    """The agents of the next wave, best first; empty: it is the admins' turn.

    `ordered` are those who fit and have had no offer of it, best first; `sent`, how many waves have gone out; `pooled`,
    whether everybody was asked already. Waves end: each has somebody new in it.
    """
    if sent < rules.waves:
        return list(ordered[: rules.wave_size])
    if rules.after_waves is Then.POOL and not pooled:
        return list(ordered)
    return []
