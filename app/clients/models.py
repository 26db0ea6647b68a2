"""A client."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database.columns import Id, Moment
from app.core.names import shown_client
from app.extensions import Model


class Client(Model):
    """The person who is buying or selling. Read this row only where it may be shown."""

    __tablename__ = "client"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(16), index=True)
    email: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[Moment] = mapped_column(default=now)

    __table_args__ = (CheckConstraint("phone ~ '^\\+[1-9][0-9]{6,14}$'", name="phone_is_e164"),)

    @property
    def first_name(self) -> str:
        return shown_client(self.name)
