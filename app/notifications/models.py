"""A notification is one message to one account, or to one client, over one channel. Its row is the outbox."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Index, Integer, String, UniqueConstraint, desc
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database.columns import Id, Moment, reference, sparse_index, text_enum
from app.extensions import Model
from app.notifications.channels.rules import Channel
from app.notifications.kinds import Kind, KindColumn
from app.notifications.rules import NotificationStatus


class Notification(Model):
    """`due_at` is when it may next be taken; after `not_after` it is dropped instead of sent.

    What it is about depends on its kind: an offer, a referral (to admins), a sign-in link, or a change of number."""

    __tablename__ = "notification"

    id: Mapped[Id]
    account_id: Mapped[UUID | None] = reference("account.id")
    client_id: Mapped[UUID | None] = reference("client.id", index=False)
    """Its reader, in place of an account."""
    offer_id: Mapped[UUID | None] = reference("offer.id")
    referral_id: Mapped[UUID | None] = reference("referral.id", index=False)
    sign_in_link_id: Mapped[UUID | None] = reference("sign_in_link.id", index=False)
    number_change_id: Mapped[UUID | None] = reference("number_change.id", index=False)
    push_subscription_id: Mapped[UUID | None] = reference("push_subscription.id", index=False)
    """The browser it goes to: each has a message of its own. None where it was dropped for all of them at once."""
    kind: Mapped[Kind] = mapped_column(KindColumn)
    awaited: Mapped[bool] = mapped_column(Computed("false", persisted=True))
    """Whether its kind is. Computed by the database, so that no statement that queues a message can forget it; which
    kinds are is said in checks.py, as are the checks that depend on the kind."""
    channel: Mapped[Channel] = mapped_column(text_enum(Channel))
    status: Mapped[NotificationStatus] = mapped_column(text_enum(NotificationStatus))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    due_at: Mapped[Moment]
    not_after: Mapped[Moment | None]
    taken_at: Mapped[Moment | None]
    sent_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
    sent_to: Mapped[str | None] = mapped_column(String(16))
    words_hash: Mapped[str | None] = mapped_column(String(64))
    """Of a text: the phone it is sent to, and the SHA-256 of its words, by which it is found at the carrier."""
    ask_at: Mapped[Moment | None]
    """Of a text: when the carrier is asked what became of it, while it is `sent`; None: not any more."""
    provider_id: Mapped[str | None] = mapped_column(String(200))
    error_code: Mapped[str | None] = mapped_column(String(60))
    """What a provider said of it; of one that was dropped, why (channels/suppression.py), unless it was over."""
    created_at: Mapped[Moment] = mapped_column(default=now)

    __table_args__ = (
        *(
            sparse_index("notification", f"{about}_id")
            for about in ("client", "sign_in_link", "number_change", "push_subscription")
        ),
        Index(
            "uq_notification_provider_id",
            "channel",
            "provider_id",
            unique=True,
            postgresql_where="provider_id IS NOT NULL",
        ),
        Index("ix_notification_test", "account_id", "created_at", postgresql_where="kind = 'test'"),
        Index("ix_notification_due", "channel", desc("awaited"), "due_at", postgresql_where="status = 'queued'"),
        Index("ix_notification_taken", "taken_at", postgresql_where="status = 'sending'"),
        Index("ix_notification_ask", "ask_at", postgresql_where="status = 'sent' AND ask_at IS NOT NULL"),
        # But for one that was never to be sent: there may be no browser.
        CheckConstraint(
            "(channel = 'push') = (push_subscription_id IS NOT NULL) OR (channel = 'push' AND status = 'dropped')",
            name="push_has_browser",
        ),
        CheckConstraint("(account_id IS NULL) <> (client_id IS NULL)", name="one_reader"),
        CheckConstraint("(status IN ('queued', 'sending', 'sent')) = (ended_at IS NULL)", name="ended_when_over"),
    )


class Receipt(Model):
    """What a provider reported about a message, once per status: carriers repeat themselves."""

    __tablename__ = "receipt"

    id: Mapped[Id]
    notification_id: Mapped[UUID] = reference("notification.id")
    provider_id: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(20))
    error_code: Mapped[str | None] = mapped_column(String(60))
    received_at: Mapped[Moment] = mapped_column(default=now)

    __table_args__ = (UniqueConstraint("provider_id", "status"),)


class Throttle(Model):
    """When a sending number may send its next text: the provider takes only so many a second."""

    __tablename__ = "pace"

    sender: Mapped[str] = mapped_column(String(60), primary_key=True)
    next_at: Mapped[Moment]
