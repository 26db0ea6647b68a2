"""The account's numbers, and where the carrier turns for each. Documented at
https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource"""

from typing import Any

from flask import Response, jsonify, request

from sandbox.rest import blueprint, page_of, world


@blueprint.get("/IncomingPhoneNumbers.json")
def list_numbers() -> Response:
    """All of them, or those that match PhoneNumber."""
    wanted = request.args.get("PhoneNumber")
    numbers = [number for number in world().settings.numbers if wanted in (None, number)]
    return jsonify(page_of("incoming_phone_numbers", [_shown(number) for number in numbers]))


def _shown(number: str) -> dict[str, Any]:
    hooks = f"{world().settings.public_url}/hooks/twilio"
    return {
        "sid": f"PN{int(number[1:]):032x}",
        "account_sid": world().settings.account_sid,
        "phone_number": number,
        "friendly_name": number,
        "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
        "voice_url": f"{hooks}/voice",
        "voice_method": "POST",
        "voice_fallback_url": f"{hooks}/fallback",
        "status_callback": f"{hooks}/status",
        "sms_url": f"{hooks}/sms",
        "sms_method": "POST",
        "sms_fallback_url": f"{hooks}/sms",
    }
