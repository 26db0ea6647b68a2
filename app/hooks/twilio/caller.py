"""Who rings our number, as the carrier tells."""

import re

from flask import request

from app.inbound.calls import ATTESTED, Caller

E164 = re.compile(r"\+[1-9]\d{6,14}")
HIDDEN = frozenset({"+266696687", "+86282452253", "+7378742833", "+2562533", "+8656696"})
"""ANONYMOUS, UNAVAILABLE, RESTRICTED, BLOCKED and UNKNOWN, as the carrier spells them in `From`."""


def this_caller() -> Caller:
    """The caller of this request."""
    form = request.form
    phone = form.get("From", "")
    shown = phone if E164.fullmatch(phone) and phone not in HIDDEN else None
    return Caller(shown, form.get("StirVerstat") == ATTESTED, form.get("CallSid", ""))
