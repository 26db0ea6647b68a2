"""Asks everything that the settings name whether it is there and suits us, before an agent finds out."""

from collections.abc import Iterator

from redis.exceptions import RedisError

from app.config.settings import Settings
from app.core.errors import ProviderError
from app.core.queue.queues import connection
from app.core.runtime import runtime
from app.http.health import OK, database_state
from app.providers.smtp.connections import MailConnections
from app.providers.twilio.message import OwnNumber
from app.workers.providers import carrier

POLICY = "noeviction"
VOICE, TEXTS = {"voice": "voice_url", "fallback": "voice_fallback_url", "status": "status_callback"}, {"sms": "sms_url"}


def faults(settings: Settings) -> Iterator[str]:
    """One line for each, beginning with the name of the setting it is about."""
    yield from _database()
    yield from _redis(settings)
    yield from _mail_server(settings)
    yield from _numbers(settings)


def _database() -> Iterator[str]:
    state = database_state()["database"]
    if state != OK:
        yield f"DATABASE_URL: {state}" + (": run `make migrate`" if state == "not migrated" else "")


def _redis(settings: Settings) -> Iterator[str]:
    try:
        policy = connection(settings.redis_url).info("memory").get("maxmemory_policy")
    except (RedisError, OSError) as error:
        yield f"REDIS_URL: cannot be used ({type(error).__name__})"
        return
    if policy != POLICY:
        yield f"REDIS_URL: maxmemory-policy is {policy}; with {POLICY} no job is thrown away"


def _mail_server(settings: Settings) -> Iterator[str]:
    try:
        with MailConnections(settings.mail_url).one() as server:
            server.noop()
    except ProviderError as error:
        yield f"MAIL_URL: the mail server cannot be used ({error.code})"


def _numbers(settings: Settings) -> Iterator[str]:
    wanted = {"TWILIO_CALL_FROM": (settings.twilio_call_from, "voice", VOICE)}
    if not settings.twilio_messaging_service_sid:  # whose numbers and addresses are its own
        wanted["TWILIO_SMS_FROM"] = (settings.twilio_sms_from, "texts", TEXTS)
    try:
        for name, (phone, what, hooks) in wanted.items():
            yield from (f"{name}: {fault}" for fault in _number(carrier().own_number(phone), what, hooks))
    except ProviderError as error:
        yield f"TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN: the carrier does not answer to them ({error.code})"


def _number(number: OwnNumber | None, what: str, hooks: dict[str, str]) -> Iterator[str]:
    if number is None:
        yield "not a number of this account"
        return
    if what not in number.can:
        yield f"the number takes no {'calls' if what == 'voice' else what}"
    for step, field in hooks.items():
        ours, theirs = runtime().link(f"/hooks/twilio/{step}"), number.addresses.get(field, "").partition("#")[0]
        if theirs != ours:
            yield f"{field} at the carrier is {theirs or 'empty'}; it should be {ours}"
