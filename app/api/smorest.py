"""flask-smorest's Api, leaving the errors of pages alone."""

from flask_smorest import Api


class PlainApi(Api):
    """Its blueprint handles its own errors (errors.py); those of the rest of the app are none of its business."""

    def _register_error_handlers(self) -> None:
        return
