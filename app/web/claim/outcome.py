"""The question what came of a call, on the claim page and in the portal."""

from http import HTTPStatus

from flask import abort, request

from app.calls.reached import OUTCOME_WORDS, Outcome
from app.core.language import gettext as _
from app.web import blueprint


def outcome_or_422() -> Outcome:
    """The outcome that was tapped."""
    found = next((outcome for outcome in Outcome if outcome == request.form.get("outcome")), None)
    if found is None:
        abort(HTTPStatus.UNPROCESSABLE_ENTITY, _("outcome: choose one of the answers."))
    return found


@blueprint.app_template_global()
def outcome_words() -> dict[Outcome, str]:
    """Each outcome, as its button says it."""
    return {outcome: _(words) for outcome, words in OUTCOME_WORDS.items()}
