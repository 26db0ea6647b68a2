"""Why a call did not reach its agent, in plain words and as far as the carrier knows."""

from app.calls.rules import CallStatus
from app.claims.page import ClaimView
from app.core.contact import display_phone
from app.web import blueprint

S = CallStatus
WORDS: dict[CallStatus, str] = {
    S.NO_ANSWER: "There was no answer at {phone}.",
    S.BUSY: "{phone} was busy, or the call was declined.",
    S.REJECTED: "The call was declined on the phone.",
    S.HUNG_UP: "The call ended before 1 was pressed.",
    S.SILENT: "Somebody picked up, and no key was pressed.",
    S.VOICEMAIL: "Your voicemail picked up.",
    S.FAILED: "The call to {phone} couldn't be placed.",
    S.CANCELED: "You stopped the call.",
    S.REQUESTED: "We can't place calls at the moment.",
    S.DIALING: "There was no answer at {phone} yet: the phone network hasn't said that it rang. If it does, press 1.",
    S.ANSWERED: "Somebody picked up, and 1 hasn't been pressed yet. It still counts if you press it now.",
}


@blueprint.app_template_filter()
def why_missed(view: ClaimView) -> str:
    """One sentence about the newest call of `view`."""
    words = WORDS.get(view.call_status, WORDS[S.NO_ANSWER]) if view.call_status is not None else ""
    return words.format(phone=display_phone(view.phone))
