"""The carrier: Twilio's REST API through its SDK, every call bounded in time and every failure typed.

Source: https://www.twilio.com/docs/voice/api/call-resource and .../messaging/api/message-resource.
A create is not idempotent: when its answer is lost, what happened is Unknown and has to be looked up.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectionError as RequestsConnectionError
from requests.exceptions import ConnectTimeout, RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from app.config import Settings
from app.core.errors import Permanent, Retryable, Unknown
from app.providers.fate import error_for
from app.providers.http import read_environment_once
from app.providers.twilio.codes import CARRIER
from app.providers.twilio.message import CarrierCall, CarrierMessage, OwnNumber, PlaceCall, SendText, SpeakTo

REQUEST_SECONDS = 8.0
CONNECTIONS = 32
TOO_MANY_REQUESTS = 429
HOOKS = ("voice_url", "voice_fallback_url", "status_callback", "sms_url")
SERVER_ERROR = 500
CALL_EVENTS = ["initiated", "ringing", "answered", "completed"]
NOT_IN_PROGRESS = "21220"


class Carrier:
    """One account at the carrier. Safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        http = TwilioHttpClient(timeout=REQUEST_SECONDS, pool_connections=True)
        for scheme in ("https://", "http://"):  # as many open connections as there are hands
            http.session.mount(scheme, HTTPAdapter(pool_connections=1, pool_maxsize=CONNECTIONS))
        read_environment_once(http.session)
        self._http = http.session
        self._client = Client(settings.twilio_account_sid, settings.twilio_auth_token, http_client=http)
        if settings.twilio_api_url:
            self._client.api.base_url = settings.twilio_api_url

    def place_call(self, request: PlaceCall) -> CarrierCall:
        """Asks for a call. Raises Retryable, Permanent, or Unknown when it may have been placed."""
        heard: dict[str, Any] = {}
        if request.machine_url is not None:
            # Ends of greetings, not beginnings: call screening speaks first as well (docs/decisions/voicemail.md).
            heard = {"machine_detection": "DetectMessageEnd", "async_amd": "true"}
            heard["async_amd_status_callback"] = request.machine_url
        with _typed_errors():
            call = self._client.calls.create(
                to=request.to,
                from_=self._settings.twilio_call_from,
                url=request.url,
                fallback_url=request.fallback_url,
                status_callback=request.status_url,
                status_callback_event=CALL_EVENTS,
                timeout=request.ring_seconds,
                **heard,
            )
        return _call(call)

    def speak_to(self, request: SpeakTo) -> CarrierCall:
        """Asks for a call that only says something. Raises Retryable, Permanent, or Unknown when it may ring."""
        reported: dict[str, Any] = {}
        if request.status_url is not None:
            reported = {"status_callback": request.status_url, "status_callback_event": ["completed"]}
        with _typed_errors():
            call = self._client.calls.create(
                to=request.to,
                from_=self._settings.twilio_call_from,
                twiml=request.twiml,
                timeout=request.ring_seconds,
                **reported,
            )
        return _call(call)

    def fetch_call(self, sid: str) -> CarrierCall:
        """The call as it is now."""
        with _typed_errors():
            return _call(self._client.calls(sid).fetch())

    def calls_to(self, number: str) -> list[CarrierCall]:
        """The newest calls from our number to `number`, newest first, at most 20."""
        with _typed_errors():
            found = self._client.calls.list(to=number, from_=self._settings.twilio_call_from, limit=20)
        return [_call(call) for call in found]

    def cancel_call(self, sid: str) -> CarrierCall:
        """Ends a call that has not been picked up; one in progress goes on."""
        with _typed_errors():
            return _call(self._client.calls(sid).update(status="canceled"))

    def hang_up(self, sid: str) -> CarrierCall:
        """Ends a call, picked up or not."""
        with _typed_errors():
            return _call(self._client.calls(sid).update(status="completed"))

    def say_to_call(self, sid: str, twiml: str) -> CarrierCall:
        """Gives a call in progress a new document. Raises Permanent(21220) when it is in progress no more."""
        with _typed_errors():
            return _call(self._client.calls(sid).update(twiml=twiml))

    def fetch_recording(self, sid: str) -> bytes:
        """A recording as MP3. https://www.twilio.com/docs/voice/api/recording"""
        with _typed_errors():
            answer = self._http.get(self._recording(sid, "mp3"), auth=self._auth, timeout=REQUEST_SECONDS)
            if not answer.ok:
                raise TwilioRestException(answer.status_code, answer.url)
            return bytes(answer.content)

    def delete_recording(self, sid: str) -> None:
        """Deletes a recording at the carrier."""
        with _typed_errors():
            self._client.recordings(sid).delete()

    def _recording(self, sid: str, form: str) -> str:
        account = self._settings.twilio_account_sid
        return f"{self._client.api.base_url}/2010-04-01/Accounts/{account}/Recordings/{sid}.{form}"

    @property
    def _auth(self) -> tuple[str, str]:
        return self._settings.twilio_account_sid, self._settings.twilio_auth_token

    def send_text(self, request: SendText) -> CarrierMessage:
        """Hands over one SMS. Raises Retryable, Permanent, or Unknown when it may have been taken."""
        sender: dict[str, Any] = {"from_": self._settings.twilio_sms_from}
        if self._settings.twilio_messaging_service_sid:
            sender = {"messaging_service_sid": self._settings.twilio_messaging_service_sid}
        if request.valid_seconds is not None:
            sender["validity_period"] = request.valid_seconds
        with _typed_errors():
            message = self._client.messages.create(
                to=request.to, body=request.body, status_callback=request.status_url, **sender
            )
        return _message(message)

    def own_number(self, number: str) -> OwnNumber | None:
        """What the account says of a number of its own; None: it has no such number. Raises ProviderError."""
        with _typed_errors():
            found = self._client.incoming_phone_numbers.list(phone_number=number, limit=1)
        if not found:
            return None
        can = {"voice": found[0].capabilities.get("voice"), "texts": found[0].capabilities.get("sms")}
        return OwnNumber(
            frozenset(name for name, has_it in can.items() if has_it),
            {name: getattr(found[0], name) or "" for name in HOOKS},
        )

    def fetch_text(self, sid: str) -> CarrierMessage:
        """The message as it is now."""
        with _typed_errors():
            return _message(self._client.messages(sid).fetch())

    def texts_to(self, number: str) -> list[CarrierMessage]:
        """The newest messages sent to `number`, newest first, at most 50."""
        with _typed_errors():
            found = self._client.messages.list(to=number, limit=50)
        return [_message(message) for message in found]


def _call(call: Any) -> CarrierCall:
    return CarrierCall(call.sid, str(call.status), call.date_created, call.answered_by)


def _message(message: Any) -> CarrierMessage:
    code = None if message.error_code is None else str(message.error_code)
    return CarrierMessage(message.sid, str(message.status), message.body, message.date_created, message.to, code)


@contextmanager
def _typed_errors() -> Iterator[None]:
    """Says of each failure whether the request can have been carried out."""
    try:
        yield
    except TwilioRestException as error:
        code = str(error.code or error.status)
        if error.status == TOO_MANY_REQUESTS:
            raise Retryable(code) from error
        if error.status >= SERVER_ERROR:
            raise Unknown(code) from error
        known = CARRIER.get(code)
        raise (error_for(code, known) if known is not None else Permanent(code)) from error
    except TwilioException as error:  # what the SDK makes of a list that cannot be had
        raise Unknown("list") from error
    except ConnectTimeout as error:
        raise Retryable("connect-timeout") from error
    except RequestsConnectionError as error:
        if _never_connected(error):
            raise Retryable("unreachable") from error
        raise Unknown("connection-lost") from error
    except RequestException as error:
        raise Unknown("no-answer") from error


def _never_connected(error: BaseException) -> bool:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError)
