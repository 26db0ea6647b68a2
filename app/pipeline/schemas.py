"""What an agent can send about a deal, by form or in place."""

from marshmallow import Schema, fields

from app.core.fields import REQUIRED, Text
from app.core.language import mark
from app.pipeline.follow_ups import Move
from app.pipeline.models import LONGEST_NOTE, LONGEST_REASON, Report
from app.pipeline.stages import Stage

NOT_OFFERED = mark("Choose one of these.")
A_DAY = mark("Give a day, such as 2026-03-02.")


class StageSchema(Schema):
    """A stage, with a reason where it is a step back."""

    stage = fields.Enum(Stage, by_value=True, required=True, error_messages={"unknown": NOT_OFFERED})
    reason = Text(longest=LONGEST_REASON, blank=True, load_default="")


class HoldSchema(Schema):
    """The day until which nothing is to be done; none: it is taken up again."""

    until = fields.Date(load_default=None, error_messages={"invalid": A_DAY})


class FollowUpSchema(Schema):
    """To when the next reminder is moved."""

    to = fields.Enum(Move, by_value=True, required=True, error_messages={"unknown": NOT_OFFERED})


class ReleaseSchema(Schema):
    """Why a client is given back."""

    why = Text(longest=LONGEST_REASON, required=True)


class HandoverSchema(Schema):
    """Who is to take a client over, and words for them."""

    to = fields.UUID(required=True, error_messages={"invalid_uuid": NOT_OFFERED, "required": NOT_OFFERED})
    say = Text(longest=LONGEST_REASON, blank=True, load_default="")


class NoteSchema(Schema):
    """A note, under the id that its page chose."""

    id = fields.UUID(required=True, error_messages={"invalid_uuid": mark("This is not an id.")})
    body = Text(longest=LONGEST_NOTE, lines=True, required=True)


class ReportSchema(Schema):
    """What is wrong with a referral, and how the agent knows."""

    what = fields.Enum(
        Report, by_value=True, required=True, error_messages={"required": REQUIRED, "unknown": NOT_OFFERED}
    )
    words = Text(longest=LONGEST_REASON, required=True)
