"""What each provider's codes mean: is it worth another try, and is the channel dead."""

from collections.abc import Callable

import pytest

from app.notifications.channels.rules import OffReason
from app.providers.fate import Code, Fate
from app.providers.smtp.codes import mail_code, status_by_words
from app.providers.twilio.codes import CARRIER, carrier_code
from app.providers.webpush.codes import PUSH, push_code

P, R, U = Fate.PERMANENT, Fate.RETRYABLE, Fate.UNKNOWN
MEANINGS: list[tuple[Callable[..., Code], object, Fate, str | None]] = [
    (carrier_code, "20003", R, None), (carrier_code, "20429", R, None), (carrier_code, "20500", U, None),
    (carrier_code, "21211", P, "no_such_number"), (carrier_code, "21408", P, None),
    (carrier_code, "21610", P, "stopped"),
    (carrier_code, "21611", R, None), (carrier_code, "21614", P, "landline"), (carrier_code, "30001", R, None),
    (carrier_code, "30002", P, None), (carrier_code, "30003", R, None), (carrier_code, "30004", P, None),
    (carrier_code, "30005", P, "no_such_number"), (carrier_code, "30006", P, "landline"),
    (carrier_code, "30007", P, None),
    (carrier_code, "21635", P, "landline"), (carrier_code, "21266", P, None), (carrier_code, "21268", P, None),
    (carrier_code, "21661", P, None), (carrier_code, "21703", P, None), (carrier_code, "30032", P, None),
    (carrier_code, "30037", P, None), (carrier_code, "21216", P, None), (carrier_code, "10004", R, None),
    (carrier_code, "30008", U, None), (carrier_code, "30022", R, None), (carrier_code, "30034", P, None),
    (carrier_code, "30036", P, None), (carrier_code, "99999", U, None), (carrier_code, None, U, None),
    (push_code, 400, P, None), (push_code, 401, P, None), (push_code, 403, P, None), (push_code, 404, P, "gone"),
    (push_code, 410, P, "gone"), (push_code, 413, P, None), (push_code, 429, R, None), (push_code, 500, R, None),
    (push_code, 503, R, None), (push_code, 307, P, None),
    (mail_code, "550 5.1.1", P, "bounced"), (mail_code, "550 5.1.10", P, "bounced"),
    (mail_code, "550 5.2.1", P, "bounced"),
    (mail_code, "552 5.2.2", P, None), (mail_code, "554 5.7.1", P, None), (mail_code, "550", P, None),
    (mail_code, "550 5.4.1", P, "bounced"), (mail_code, "5.7.28", P, None), (mail_code, "5.0.0", P, None),
    (mail_code, "554", P, None), (mail_code, "5.1.1", P, "bounced"), (mail_code, "4.2.2", R, None),
]  # fmt: skip


@pytest.mark.parametrize(("read", "code", "fate", "kills"), MEANINGS)
def test_a_code_has_one_meaning(read: Callable[..., Code], code: object, fate: Fate, kills: str | None) -> None:
    found = read(code)
    assert (found.fate, found.kills) == (fate, kills)


@pytest.mark.parametrize(
    ("status", "words", "meant"),
    [
        ("5.1.1", "The email account that you tried to reach does not exist.", "5.1.1"),
        ("5.2.1", "The email account that you tried to reach is inactive.", "5.2.1"),
        ("5.2.1", "The user you are trying to contact is receiving mail at a rate that prevents more.", "5.7.28"),
        ("5.4.1", "Recipient address rejected: Access denied.", "5.4.1"),
        (None, "Sorry, no mailbox here by that name. No such user here.", "5.1.1"),  # qmail
        (None, "Unrouteable address", "5.1.1"),  # Exim
        (None, "This user doesn't have a yahoo.com account (sam@yahoo.com) [-9]", "5.1.1"),
        (None, "mailbox is full", "5.0.0"),
        (None, "", "5.0.0"),
    ],
)
def test_a_mail_server_means_what_it_says_in_words(status: str | None, words: str, meant: str) -> None:
    assert status_by_words(status, words) == meant


def test_whatever_kills_a_channel_is_a_reason_that_can_be_shown() -> None:
    kills = {code.kills for code in (*CARRIER.values(), *PUSH.values()) if code.kills} | {"bounced"}
    assert kills <= {reason.value for reason in OffReason}
    assert all(code.fate is Fate.PERMANENT for code in (*CARRIER.values(), *PUSH.values()) if code.kills)
