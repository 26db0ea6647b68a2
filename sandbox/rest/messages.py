"""`/Messages.json`: https://www.twilio.com/docs/messaging/api/message-resource"""

import threading
from email.utils import format_datetime
from typing import Any

from flask import Response, jsonify, request

from sandbox.rest import blueprint, check_names, page_of, poster, vanish, world
from sandbox.rest.errors import REFUSE, api_error
from sandbox.sms.segments import segments
from sandbox.world import PHONE, Message, World, new_sid, utc_now

CREATE = frozenset({
    "To", "From", "MessagingServiceSid", "Body", "StatusCallback", "ValidityPeriod",
})  # fmt: skip
LONGEST_BODY = 1600
VALIDITY = range(1, 36_001)
NEVER_SENT = frozenset({"30001", "30002", "30036"})
"""A queue that is full, an account that is suspended, a validity that ran out: `failed`, without `sent`."""


@blueprint.post("/Messages.json")
def create_message() -> tuple[Response, int] | Response:
    """Takes an SMS."""
    form = request.form
    check_names(CREATE)
    refused = _refused()
    if refused is not None:
        return api_error(refused)
    service = form.get("MessagingServiceSid")
    message = Message(
        sid=new_sid("SM"),
        to=form["To"],
        sender=form.get("From") or world().settings.numbers[-1],
        body=form["Body"],
        direction="outbound-api",
        status="accepted" if service else "queued",
        segments=segments(form["Body"]),
        created=utc_now(),
        valid_seconds=form.get("ValidityPeriod", type=int),
        service_sid=service,
        receipts_url=form.get("StatusCallback"),
    )
    world().phone(message.to)
    world().update(lambda: world().messages.append(message))
    answer = _shown(message)  # as it is now: `queued`, or `accepted` by a Messaging Service
    deliver = Delivery(world(), message)
    threading.Thread(target=deliver.run, args=(poster().report,), daemon=True).start()
    vanish()
    return jsonify(answer), 201


def _refused() -> int | None:  # noqa: PLR0911  (one line a code)
    """The code of the error, if this message would not be taken."""
    form, settings = request.form, world().settings
    validity = form.get("ValidityPeriod", "1")
    if not validity.isdigit() or int(validity) not in VALIDITY:
        world().error(f"Messages.json: ValidityPeriod {validity!r} is not 1 to 36000")
    service = form.get("MessagingServiceSid")
    if service and service != settings.messaging_service_sid:
        return 21701
    if not service and not form.get("From"):
        return 21603
    if not service and form["From"] not in settings.numbers:
        return 21606
    if not PHONE.fullmatch(form.get("To", "")):
        return 21211
    if not form.get("Body"):
        return 21602
    if len(form["Body"]) > LONGEST_BODY:
        return 21617
    phone = world().phone(form["To"])
    if phone.opted_out:
        return 21610
    return int(phone.delivery.removeprefix(REFUSE)) if phone.delivery.startswith(REFUSE) else None


class Delivery:
    """What becomes of one SMS: sending, sent, then delivered or not."""

    def __init__(self, world: World, message: Message) -> None:
        self._world, self._message = world, message

    def run(self, report: Any) -> None:
        """Goes through the statuses; no callback for the first, one for each after it."""
        for status, code in self._statuses():
            self._set(status, code)
            if self._message.receipts_url:
                report(self._message.receipts_url, self._params(), event="receipt")

    def _statuses(self) -> list[tuple[str, int | None]]:
        outcome = self._world.phone(self._message.to).delivery
        if outcome == "delivered" or outcome.startswith(REFUSE):  # taken before it was told to refuse
            return [("sent", None), ("delivered", None)]
        if outcome in NEVER_SENT:
            return [("failed", int(outcome))]
        return [("sent", None), ("undelivered", int(outcome))]

    def _set(self, status: str, code: int | None) -> None:
        def change() -> None:
            self._message.status, self._message.error_code = status, code

        self._world.update(change)

    def _params(self) -> dict[str, str]:
        message = self._message
        values = {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "MessageStatus": message.status,
            "SmsStatus": message.status,
            "To": message.to,
            "From": message.sender,
            "AccountSid": self._world.settings.account_sid,
            "ApiVersion": "2010-04-01",
        }
        if message.service_sid:
            values["MessagingServiceSid"] = message.service_sid
        if message.error_code is not None:
            values["ErrorCode"] = str(message.error_code)
        return values


@blueprint.get("/Messages.json")
def list_messages() -> Response:
    """Newest first, filtered by To and From."""
    args = request.args
    found = [
        message
        for message in reversed(world().messages)
        if args.get("To") in (None, message.to) and args.get("From") in (None, message.sender)
    ]
    return jsonify(page_of("messages", [_shown(message) for message in found]))


@blueprint.get("/Messages/<sid>.json")
def fetch_message(sid: str) -> Response:
    """One message."""
    found = next((message for message in world().messages if message.sid == sid), None)
    return jsonify(_shown(found)) if found is not None else api_error(20404)


def _shown(message: Message) -> dict[str, Any]:
    at = format_datetime(message.created)
    return {
        "sid": message.sid,
        "account_sid": world().settings.account_sid,
        "messaging_service_sid": message.service_sid,
        "to": message.to,
        "from": message.sender,
        "body": message.body,
        "status": message.status,
        "direction": message.direction,
        "num_segments": str(message.segments),
        "num_media": "0",
        "error_code": message.error_code,
        "error_message": None,
        "price": None,
        "price_unit": "USD",
        "api_version": "2010-04-01",
        "date_created": at,
        "date_updated": at,
        "date_sent": at if message.status not in ("queued", "accepted") else None,
        "uri": f"/2010-04-01/Accounts/{world().settings.account_sid}/Messages/{message.sid}.json",
        "subresource_uris": {},
    }
