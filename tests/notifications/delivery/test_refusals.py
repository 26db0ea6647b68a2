"""A mail server refuses the sender, the recipient or the content. Only one of them tells of a dead mailbox."""

import pytest

from app.core.errors import Permanent, Retryable
from app.providers.smtp.mailer import Stage, refusal


@pytest.mark.parametrize("words", [b"5.1.1 No such user", b"5.2.1 Mailbox disabled", b"5.1.10 Null MX"])
def test_a_recipient_that_does_not_exist_is_dead(words: bytes) -> None:
    error = refusal(550, words, Stage.RECIPIENT)
    assert isinstance(error, Permanent)
    assert error.kills == "bounced"


@pytest.mark.parametrize("words", [b"relay not permitted", b"5.7.1 relaying denied", b"Sender verify failed"])
def test_a_refusal_without_a_word_on_the_mailbox_kills_nothing(words: bytes) -> None:
    error = refusal(550, words, Stage.RECIPIENT)
    assert isinstance(error, Permanent)
    assert error.kills is None


def test_what_is_wrong_with_us_is_tried_again_until_somebody_has_mended_it() -> None:
    assert isinstance(refusal(553, b"5.1.1 that domain isn't allowed", Stage.SENDER), Retryable)


def test_what_is_wrong_with_the_content_is_the_end_of_that_mail_alone() -> None:
    error = refusal(550, b"5.1.1 classified as spam", Stage.CONTENT)
    assert isinstance(error, Permanent)
    assert error.kills is None


@pytest.mark.parametrize("stage", Stage)
def test_what_is_transient_is_tried_again(stage: Stage) -> None:
    error = refusal(451, b"4.3.2 try later", stage)
    assert isinstance(error, Retryable)
    assert error.code == "451 4.3.2"
