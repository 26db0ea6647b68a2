"""`/Recordings`: what was recorded, as audio, until it is deleted. https://www.twilio.com/docs/voice/api/recording"""

from flask import Response

from sandbox.rest import blueprint, world
from sandbox.rest.errors import api_error


@blueprint.get("/Recordings/<sid>.mp3")
def fetch_recording(sid: str) -> tuple[Response, int] | Response:
    """The audio."""
    made = world().recordings.get(sid)
    return Response(made.audio, content_type="audio/mpeg") if made is not None else api_error(20404)


@blueprint.delete("/Recordings/<sid>.json")
def delete_recording(sid: str) -> tuple[Response, int] | Response:
    """Gone for good."""
    if world().recordings.get(sid) is None:
        return api_error(20404)
    world().update(lambda: world().recordings.pop(sid, None))
    return Response(status=204)
