"""What Twilio means by its error codes."""

from app.core.language import mark
from app.providers.fate import Code, P, R, U

CARRIER: dict[str, Code] = {
    # answers to a request
    "20003": Code(R, mark("the carrier does not accept our credentials: an operator can mend that")),
    "20429": Code(R, mark("too many requests at once")),
    "20500": Code(U, mark("an error inside the carrier")),
    "21211": Code(P, mark("not a phone number"), "no_such_number"),
    "21216": Code(P, mark("our account may not call this number")),
    "10004": Code(R, mark("more calls at once than our account is allowed")),
    "21265": Code(P, mark("a short code cannot be reached"), "no_such_number"),
    "21408": Code(P, mark("texts to this country are not allowed for our account")),
    "21266": Code(P, mark("the recipient is our own number")),
    "21268": Code(P, mark("the recipient is a premium-rate number")),
    "21606": Code(P, mark("our sending number cannot send texts")),
    "21610": Code(P, mark("the agent has texted STOP"), "stopped"),
    "21611": Code(R, mark("our number's queue at the carrier is full")),
    "21612": Code(P, mark("our number cannot reach this one")),
    "21614": Code(P, mark("not a mobile number"), "landline"),
    "21617": Code(P, mark("the text is too long")),
    "21635": Code(P, mark("a landline, which takes no texts"), "landline"),
    "21659": Code(P, mark("the sender is not one of our numbers")),
    "21660": Code(P, mark("the sender belongs to another account")),
    "21661": Code(P, mark("the sender cannot send texts")),
    "21703": Code(P, mark("our messaging service has no number")),
    # receipts
    "30001": Code(R, mark("the carrier's queue was full")),
    "30002": Code(P, mark("our account is suspended")),
    "30003": Code(R, mark("the phone is off or out of reach")),
    "30004": Code(P, mark("the phone, or its operator, refuses our texts")),
    "30005": Code(P, mark("no such number, or it is not in service"), "no_such_number", doubtful=True),
    "30006": Code(P, mark("a landline, or an operator that takes no texts"), "landline", doubtful=True),
    "30007": Code(P, mark("filtered as unwanted")),
    "30008": Code(U, mark("an unknown error")),
    "30017": Code(R, mark("the network is congested")),
    "30022": Code(R, mark("over the rate of our registration")),
    "30023": Code(R, mark("over the day's limit of our registration")),
    "30032": Code(P, mark("our toll-free number is not verified")),
    "30033": Code(P, mark("our registration with the operators is not in order")),
    "30034": Code(P, mark("our number is not registered for texts to the US")),
    "30035": Code(P, mark("our registration with the operators is not in order")),
    "30036": Code(P, mark("it could not be delivered while it was of use")),
    "30037": Code(P, mark("texts from our account are switched off")),
    "30410": Code(U, mark("the operator did not answer in time")),
    "30500": Code(U, mark("an error inside the carrier")),
}


def carrier_code(code: str | None) -> Code:
    """What the carrier's error code says; one that is not in the table says nothing."""
    return CARRIER.get(code or "", Code(U, mark("a code we do not know")))
