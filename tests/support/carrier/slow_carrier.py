"""Another carrier than the sandbox: a few lines that know Twilio's documentation and nothing of Dibs.

It is a second slow, answers the agent's call by itself, presses 1, picks up for the client, and hangs up.
"""

import json
import threading
import time
import urllib.parse
import urllib.request
import uuid
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from xml.etree import ElementTree

from twilio.request_validator import RequestValidator


class SlowCarrier(ThreadingHTTPServer):
    """Listens on `port`; `texts` and `calls` are what it was asked for."""

    daemon_threads = True

    def __init__(self, port: int, token: str, delay: float = 1.0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.validator, self.delay = RequestValidator(token), delay
        self.texts: list[dict[str, str]] = []
        self.calls: list[dict[str, str]] = []
        self.client_answered = threading.Event()
        self.may_hang_up = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def post(self, url: str, **params: str) -> str:
        """A signed request to the product."""
        headers = {"X-Twilio-Signature": self.validator.compute_signature(url, params)}
        request = urllib.request.Request(url, urllib.parse.urlencode(params).encode(), headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return str(answer.read().decode())

    def run_call(self, sid: str, asked: dict[str, str]) -> None:
        """Rings, is answered, presses 1, connects the client, and ends."""
        call = {"CallSid": sid, "From": asked["From"], "To": asked["To"], "Direction": "outbound-api"}

        def report(status: str, sequence: int) -> None:
            self.post(asked["StatusCallback"], **call, CallStatus=status, SequenceNumber=str(sequence))

        report("initiated", 0)
        report("ringing", 1)
        report("in-progress", 2)
        menu = ElementTree.fromstring(self.post(asked["Url"], **call, CallStatus="in-progress"))
        gather = menu.find("Gather")
        assert gather is not None
        bridge = ElementTree.fromstring(
            self.post(gather.attrib["action"], **call, CallStatus="in-progress", Digits="1")
        )
        dial = bridge.find("Dial")
        assert dial is not None
        number = dial.find("Number")
        assert number is not None
        child = {"CallSid": _sid("CA"), "ParentCallSid": sid, "Direction": "outbound-dial"}
        for sequence, status in enumerate(("initiated", "ringing", "in-progress")):
            self.post(number.attrib["statusCallback"], **child, CallStatus=status, SequenceNumber=str(sequence))
        self.post(number.attrib["amdStatusCallback"], CallSid=child["CallSid"], AnsweredBy="human")
        self.client_answered.set()
        self.may_hang_up.wait(20)
        self.post(number.attrib["statusCallback"], **child, CallStatus="completed", SequenceNumber="3")
        ended = {"DialCallStatus": "completed", "DialCallSid": child["CallSid"], "DialCallDuration": "42"}
        self.post(dial.attrib["action"], **call, CallStatus="in-progress", **ended)
        report("completed", 3)


class _Handler(BaseHTTPRequestHandler):
    server: SlowCarrier

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = dict(urllib.parse.parse_qsl(body))
        time.sleep(self.server.delay)
        made: dict[str, Any] = {"to": asked["To"], "from": asked.get("From"), "status": "queued"}
        if self.path.endswith("/Calls.json"):
            made["sid"] = _sid("CA")
            self.server.calls.append(asked)
            threading.Thread(target=self.server.run_call, args=(made["sid"], asked), daemon=True).start()
        else:
            made |= {"sid": _sid("SM"), "body": asked["Body"], "num_segments": "1"}
            self.server.texts.append(asked)
        made["date_created"] = formatdate(usegmt=True)
        self._answer(201, made)

    def do_GET(self) -> None:
        self._answer(404, {"code": 20404, "message": "not found", "status": 404})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""


def _sid(prefix: str) -> str:
    return prefix + uuid.uuid4().hex
