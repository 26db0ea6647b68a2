"""The language of an answer: the agent's or client's whose page it is; else what the browser asks for.

The desk, the API and the carrier's hooks speak English until somebody is known.
"""

from flask import has_request_context, request
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from app.core.errors import LockTimeout
from app.core.language import EN, LANGUAGES, known

IN_ENGLISH = ("/admin/", "/api/", "/hooks/")


def language_of_request() -> str:
    """The language while nobody has said which."""
    if not has_request_context() or f"{request.path}/".startswith(IN_ENGLISH):
        return EN
    try:
        if current_user.is_authenticated and current_user.agent is not None:
            return known(current_user.agent.language)
    except (SQLAlchemyError, LockTimeout):  # the page that says that the database is away
        pass
    return request.accept_languages.best_match(list(LANGUAGES), default=EN) or EN
