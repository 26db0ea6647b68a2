"""Contacts for an agent's phone: our numbers, so that it says who is ringing, and the agent's clients.

vCard 3.0 (RFC 2426): iOS and Android both take it; of 4.0 many an address book still makes nothing.
"""

from flask import Response

from app.core.runtime import runtime
from app.web import blueprint

LINE_BREAK = "\r\n"


@blueprint.get("/our-number.vcf")
def our_number() -> Response:
    """For anybody: it says no more than every text of ours does, and a phone may fetch it without our cookie."""
    settings = runtime().settings
    card = vcard(settings.brand_name, settings.public_url, settings.twilio_call_from, settings.twilio_sms_from)
    response = Response(card, content_type="text/vcard; charset=utf-8")
    # Inline, an iPhone offers to save the contact; as an attachment, it would become a file.
    response.headers["Content-Disposition"] = 'inline; filename="our-number.vcf"'
    return response


def person_card(name: str, phone: str, email: str) -> Response:
    """A person as a contact, offered to be saved."""
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"N:;{_escaped(name)};;;",
        f"FN:{_escaped(name)}",
        f"TEL;TYPE=CELL:{phone}",
        f"EMAIL;TYPE=INTERNET:{_escaped(email)}",
        "END:VCARD",
    ]
    response = Response(LINE_BREAK.join([*lines, ""]), content_type="text/vcard; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="contact.vcf"'
    return response


def vcard(brand: str, url: str, calls_from: str, texts_from: str) -> str:
    """The contact, under the brand's name as a company's is."""
    name = _escaped(brand)
    texts = [f"TEL;TYPE=WORK,MSG:{texts_from}"] if texts_from and texts_from != calls_from else []
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "N:;;;;",
        f"FN:{name}",
        f"ORG:{name}",
        "X-ABShowAs:COMPANY",
        f"TEL;TYPE=WORK,VOICE,PREF:{calls_from}",
        *texts,
        f"URL:{url}",
        "END:VCARD",
    ]
    return LINE_BREAK.join(lines) + LINE_BREAK


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
