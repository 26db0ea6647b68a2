"""The call that shows whether an agent's phone can be reached."""

from uuid import UUID


def test_call_twiml(notification_id: UUID) -> str:
    raise NotImplementedError
