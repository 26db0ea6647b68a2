"""Why a call did not reach its agent, in plain words and as far as the carrier knows."""

from app.calls.rules import CallStatus
from app.claims.page import ClaimView
from app.core.contact import display_phone
from app.core.language import gettext as _
from app.core.language import mark
from app.web import blueprint

S = CallStatus
WORDS: dict[CallStatus, str] = {
    S.NO_ANSWER: mark("There was no answer at {phone}."),
    S.BUSY: mark("{phone} was busy, or the call was declined."),
    S.REJECTED: mark("The call was declined on the phone."),
    S.HUNG_UP: mark("The call ended before 1 was pressed."),
    S.SILENT: mark("Somebody picked up, and no key was pressed."),
    S.VOICEMAIL: mark("Your voicemail picked up."),
    S.FAILED: mark("The call to {phone} couldn't be placed."),
    S.CANCELED: mark("You stopped the call."),
    S.REQUESTED: mark("We can't place calls at the moment."),
    S.DIALING: mark(
        "There was no answer at {phone} yet: the phone network hasn't said that it rang. If it does, press 1."
    ),
    S.ANSWERED: mark("Somebody picked up, and 1 hasn't been pressed yet. It still counts if you press it now."),
}


@blueprint.app_template_filter()
def why_missed(view: ClaimView) -> str:
    """One sentence about the newest call of `view`."""
    words = WORDS.get(view.call_status, WORDS[S.NO_ANSWER]) if view.call_status is not None else ""
    return (_(words) if words else "").format(phone=display_phone(view.phone))
