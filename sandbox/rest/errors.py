"""The carrier's documented errors. https://www.twilio.com/docs/api/errors"""

from flask import Response, jsonify

MESSAGES = {
    20001: (400, "Unknown parameters"),
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "Internal Server Error"),
    21201: (400, "No 'To' number is specified"),
    21205: (400, "Url is not a valid URL"),
    21211: (400, "Invalid 'To' Phone Number"),
    21212: (400, "Invalid 'From' Phone Number"),
    21213: (400, "No 'From' number is specified"),
    21218: (400, "Url or Twiml parameter must be specified"),
    21220: (400, "Invalid call state: Call is not in-progress. Cannot redirect."),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21606: (400, "The 'From' phone number is not a valid, message-capable number for this account."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21612: (400, "Message cannot be sent with the current combination of 'To' and/or 'From' parameters"),
    21614: (400, "'To' number is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21635: (400, "'To' number cannot be a landline"),
    21701: (400, "The Messaging Service does not exist"),
}


REFUSE = "refuse:"


def can_be_delivery(value: str) -> bool:
    """Whether a handset can have this as its `delivery`: of the codes that refuse a text, those known here."""
    code = value.removeprefix(REFUSE)
    return value == "delivered" or (code.isdigit() and (code == value or int(code) in MESSAGES))


def api_error(code: int, status: int | None = None) -> Response:
    """An error as the REST API answers it."""
    default, message = MESSAGES[code]
    status = status or default
    response = jsonify(
        code=code, message=message, more_info=f"https://www.twilio.com/docs/errors/{code}", status=status
    )
    response.status_code = status
    if status == 401:  # noqa: PLR2004
        response.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    return response
