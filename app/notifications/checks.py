"""The database's checks on messages, made from the declarations of their kinds.

A migration writes them into the database; tests/whole/test_schema.py holds the two together.
"""

from collections.abc import Iterable

from sqlalchemy import CheckConstraint, Index, text

from app.core.database.columns import table_of
from app.notifications.channels.rules import Channel
from app.notifications.kinds import KINDS, Kind, Subject
from app.notifications.models import Notification

NAMES = {
    Subject.OFFER: "offer_named",
    Subject.REFERRAL: "referral_named",
    Subject.SIGN_IN_LINK: "link_named",
    Subject.NUMBER_CHANGE: "number_named",
}


def declared_checks() -> dict[str, str]:
    """Each check by its name, as SQL."""
    spoken = [kind for kind in KINDS if Channel.VOICE in kind.channels]
    named = {name: f"({_one_of(KINDS.about(subject))}) = ({subject} IS NOT NULL)" for subject, name in NAMES.items()}
    return {
        "kind": _one_of(KINDS),
        "only_these_are_spoken": f"channel <> 'voice' OR {_one_of(spoken)}",
        **named,
    }


def declare_checks() -> None:
    """Gives the table its checks, once every kind is declared."""
    table = table_of(Notification)
    for name, condition in declared_checks().items():
        table.append_constraint(CheckConstraint(condition, name=name))
    computed = table.c.awaited.computed
    assert computed is not None
    computed.sqltext = text(_any_of(kind for kind in KINDS if kind.awaited))
    Index(
        "uq_notification_offer",
        *table.c["offer_id", "kind", "channel", "push_subscription_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=f"offer_id IS NOT NULL AND {_comes_once(Subject.OFFER)}",
    )
    Index(
        "uq_notification_client",
        *table.c["referral_id", "kind", "channel"],
        unique=True,
        postgresql_where=f"client_id IS NOT NULL AND {_comes_once(Subject.REFERRAL)}",
    )
    Index(
        "uq_notification_referral",
        *table.c["referral_id", "account_id", "kind", "channel", "push_subscription_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=f"referral_id IS NOT NULL AND account_id IS NOT NULL AND {_comes_once(Subject.REFERRAL)}",
    )
    Index(
        "ix_notification_digest", *table.c["account_id", "kind", "created_at"], postgresql_where=kinds_with_a_digest()
    )
    Index("ix_notification_referral", table.c.referral_id, postgresql_where="referral_id IS NOT NULL")
    Index(
        "uq_notification_number_change",
        *table.c["number_change_id", "kind", "channel"],
        unique=True,
        postgresql_where=f"number_change_id IS NOT NULL AND {_comes_once(Subject.NUMBER_CHANGE)}",
    )


def kinds_with_a_digest() -> str:
    """The SQL condition for messages whose kind has a digest."""
    return _one_of(kind for kind in KINDS if kind.digest is not None)


def _comes_once(subject: Subject) -> str:
    repeats = [kind for kind in KINDS.about(subject) if kind.repeats]
    return f"kind NOT IN ({', '.join(_quoted(repeats))})" if repeats else "true"


def _one_of(kinds: Iterable[Kind]) -> str:
    return f"kind IN ({', '.join(_quoted(kinds))})"


def _any_of(kinds: Iterable[Kind]) -> str:
    """The same as the database itself spells it, which it compares by."""
    return f"kind::text = ANY (ARRAY[{', '.join(f'{name}::text' for name in _quoted(kinds))}])"


def _quoted(kinds: Iterable[Kind]) -> list[str]:
    return [f"'{kind}'" for kind in kinds]
