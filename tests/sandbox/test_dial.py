"""Dial with Number as Twilio documents it: the second phone rings, is joined, and what became of it is told."""

import pytest

from tests.sandbox.account import OURS, PHONE, heard, ring
from tests.support.carrier.carrier import Carrier
from tests.support.carrier.documents import Documents
from tests.support.world.waiting import eventually

CLIENT = "+15125557001"
AFTER = "<Say>After</Say>"


def number(**attributes: str) -> str:
    """A Number of the client's."""
    return f"<Number {' '.join(f'{k}={v!r}' for k, v in attributes.items())}>{CLIENT}</Number>"


def call_of(carrier: Carrier, phone: str) -> dict[str, object]:
    found: dict[str, object] = next(call for call in carrier.state()["calls"] if call["phone"] == phone)
    return found


def test_two_phones_are_joined_and_the_action_hears_how_it_ended(carrier: Carrier, documents: Documents) -> None:
    dial = f'<Dial callerId="{OURS}" action="/ended" timeout="20">{number()}</Dial>'
    documents.write("/ended", AFTER)
    agent = ring(carrier, documents.write("/start", dial)).answer()
    client = carrier.phone(CLIENT).rings().answer()
    agent.hears(f"connected to {CLIENT}")
    client.hears(f"connected to {PHONE}").hang_up().is_over("completed")
    agent.hears("After").is_over("completed")
    told = documents.asked("/ended").params
    assert (told["DialCallStatus"], told["DialBridged"]) == ("completed", "true")
    assert told["DialCallSid"] == call_of(carrier, CLIENT)["sid"]
    assert told["DialCallDuration"].isdigit()
    assert call_of(carrier, CLIENT)["parent_sid"] == told["CallSid"]


def test_without_an_action_the_document_goes_on(carrier: Carrier, documents: Documents) -> None:
    agent = ring(carrier, documents.write("/start", f"<Dial>{CLIENT}</Dial>", AFTER)).answer()
    carrier.phone(CLIENT).rings().decline()
    agent.hears("After").is_over("completed")


@pytest.mark.parametrize(
    ("mode", "status"), [("busy", "busy"), ("unreachable", "failed"), ("manual", "no-answer"), ("answers", "completed")]
)
def test_the_action_hears_why_nobody_was_reached(
    carrier: Carrier, documents: Documents, mode: str, status: str
) -> None:
    carrier.act("phones", number=CLIENT, mode=mode)
    documents.write("/ended", AFTER)
    agent = ring(carrier, documents.write("/start", f'<Dial timeout="1" action="/ended">{number()}</Dial>')).answer()
    if mode == "answers":
        carrier.phone(CLIENT).picks_up_by_itself()
        carrier.act(f"calls/{call_of(carrier, CLIENT)['sid']}/hang-up")
    agent.hears("After").is_over("completed")
    told = documents.asked("/ended").params
    assert told["DialCallStatus"] == status
    assert told["DialBridged"] == str(status == "completed").lower()


def test_when_the_first_party_hangs_up_the_second_phone_stops_ringing(carrier: Carrier, documents: Documents) -> None:
    agent = ring(carrier, documents.write("/start", f'<Dial action="/ended">{number()}</Dial>')).answer()
    client = carrier.phone(CLIENT).rings()
    agent.hang_up().is_over("completed")
    client.is_over("canceled")
    told = documents.asked("/ended").params
    assert (told["CallStatus"], told["DialCallStatus"]) == ("completed", "canceled")


def test_the_second_leg_reports_each_event_it_was_asked_for(carrier: Carrier, documents: Documents) -> None:
    events = "initiated ringing answered completed"
    dial = f"<Dial>{number(statusCallback='/leg', statusCallbackEvent=events)}</Dial>"
    ring(carrier, documents.write("/start", dial)).answer()
    carrier.phone(CLIENT).rings().answer().hang_up()

    def told() -> list[dict[str, str]]:
        return [asked.params for asked in documents.requests if asked.path == "/leg"]

    eventually(lambda: len(told()) == 4, "four events")
    assert [params["CallStatus"] for params in told()] == ["initiated", "ringing", "in-progress", "completed"]
    assert [params["SequenceNumber"] for params in told()] == ["0", "1", "2", "3"]
    assert {params["ParentCallSid"] for params in told()} == {call_of(carrier, PHONE)["sid"]}
    assert {params["Direction"] for params in told()} == {"outbound-dial"}


def test_the_second_leg_reports_its_end_alone_unless_asked_and_by_the_method_given(
    carrier: Carrier, documents: Documents
) -> None:
    dial = f"<Dial>{number(statusCallback='/leg', statusCallbackMethod='GET')}</Dial>"
    agent = ring(carrier, documents.write("/start", dial, AFTER)).answer()
    carrier.phone(CLIENT).rings().answer().hang_up()
    agent.is_over("completed")
    assert documents.asked("/leg").method == "GET"
    told = [asked.params["CallStatus"] for asked in documents.requests if asked.path == "/leg"]
    assert told == ["completed"]


@pytest.mark.parametrize(
    ("mode", "asked", "heard"),
    [
        ("answers", "DetectMessageEnd", "human"),
        ("voicemail", "DetectMessageEnd", "machine_end_beep"),
        ("screening", "DetectMessageEnd", "machine_end_silence"),
        ("voicemail", "Enable", "machine_start"),
    ],
)
def test_who_picked_up_the_second_phone_is_told_beside_the_call(
    carrier: Carrier, documents: Documents, *, mode: str, asked: str, heard: str
) -> None:
    """https://www.twilio.com/docs/voice/twiml/number#machinedetection"""
    carrier.act("phones", number=CLIENT, mode=mode)
    dial = f"<Dial>{number(machineDetection=asked, amdStatusCallback='/heard')}</Dial>"
    agent = ring(carrier, documents.write("/start", dial)).answer().hears(f"connected to {CLIENT}")
    eventually(lambda: any(asked.path == "/heard" for asked in documents.requests), "who picked up")
    told, leg = documents.asked("/heard").params, call_of(carrier, CLIENT)
    assert (told["CallSid"], told["AnsweredBy"]) == (leg["sid"], heard)
    assert not leg["over"]
    agent.hang_up().is_over()


def test_the_second_party_alone_hears_the_whisper_before_the_two_are_joined(
    carrier: Carrier, documents: Documents
) -> None:
    documents.write("/whisper", '<Gather action="/taken" numDigits="1"><Say>A call for you</Say></Gather>')
    documents.write("/taken", "<Say>Go ahead</Say>")
    agent = ring(carrier, documents.write("/start", f"<Dial>{number(url='/whisper')}</Dial>")).answer()
    client = carrier.phone(CLIENT).rings().answer().hears("A call for you")
    assert not any(line["who"] == "call" for line in call_of(carrier, PHONE)["transcript"])  # type: ignore[attr-defined]
    client.press("1").hears("Go ahead").hears("connected")
    agent.hears("connected")
    assert "A call for you" not in heard(carrier)
    assert documents.asked("/whisper").params["ParentCallSid"]


def test_hanging_up_in_the_whisper_joins_nobody(carrier: Carrier, documents: Documents) -> None:
    documents.write("/whisper", "<Say>A call for you</Say>", "<Hangup/>")
    documents.write("/ended", AFTER)
    dial = f'<Dial action="/ended">{number(url="/whisper")}</Dial>'
    agent = ring(carrier, documents.write("/start", dial)).answer()
    carrier.phone(CLIENT).rings().answer().is_over("completed")
    agent.hears("After").is_over()
    assert documents.asked("/ended").params["DialBridged"] == "false"


OTHER = "+15125557002"


def test_several_phones_ring_at_once_and_the_first_to_pick_up_is_joined(carrier: Carrier, documents: Documents) -> None:
    """https://www.twilio.com/docs/voice/twiml/number"""
    documents.write("/ended", AFTER)
    dial = f'<Dial action="/ended">{number()}<Number>{OTHER}</Number></Dial>'
    agent = ring(carrier, documents.write("/start", dial)).answer()
    client, other = carrier.phone(CLIENT).rings(), carrier.phone(OTHER).rings()
    other.answer()
    agent.hears(f"connected to {OTHER}")
    client.is_over("canceled")
    other.hang_up()
    agent.hears("After").is_over("completed")
    told = documents.asked("/ended").params
    assert (told["DialBridged"], told["DialCallSid"]) == ("true", call_of(carrier, OTHER)["sid"])


def test_a_phone_that_hangs_up_in_its_whisper_leaves_the_others_ringing(carrier: Carrier, documents: Documents) -> None:
    documents.write("/whisper", '<Gather action="/taken" numDigits="1"><Say>A call</Say></Gather>', "<Hangup/>")
    documents.write("/taken", "<Say>Go ahead</Say>")
    dial = f"<Dial>{number(url='/whisper')}<Number url='/whisper'>{OTHER}</Number></Dial>"
    agent = ring(carrier, documents.write("/start", dial)).answer()
    client, other = carrier.phone(CLIENT).rings(), carrier.phone(OTHER).rings()
    client.answer().hears("A call").hang_up().is_over("completed")
    other.answer().hears("A call").press("1").hears("Go ahead").hears("connected")
    agent.hears(f"connected to {OTHER}")


def test_a_call_to_us_rings_on_until_the_second_phone_is_picked_up(carrier: Carrier, documents: Documents) -> None:
    documents.write("/hooks/twilio/voice", f'<Dial answerOnBridge="true">{number()}</Dial>')
    agent = carrier.phone(PHONE).calls_us()
    client = carrier.phone(CLIENT).rings()
    assert call_of(carrier, PHONE)["started"] is None
    client.answer()
    agent.hears("connected")
    assert call_of(carrier, PHONE)["started"] is not None


def test_a_call_to_us_that_rang_on_in_vain_was_never_answered(carrier: Carrier, documents: Documents) -> None:
    documents.write("/hooks/twilio/voice", f'<Dial answerOnBridge="true">{number()}</Dial>')
    agent = carrier.phone(PHONE).calls_us()
    carrier.phone(CLIENT).rings().decline()
    agent.is_over("no-answer")


@pytest.mark.parametrize(
    ("dial", "error"),
    [
        ('<Dial callerId="+15005550000">+15125557001</Dial>', "13214 Dial: Invalid callerId"),
        ("<Dial>512 555 7001</Dial>", "13223 Dial: Invalid phone number"),
        ("<Dial/>", "13223 Dial: Invalid phone number"),
    ],
)
def test_what_cannot_be_dialed_is_an_error_it_shows(
    carrier: Carrier, documents: Documents, dial: str, error: str
) -> None:
    ring(carrier, documents.write("/start", dial, AFTER)).answer().hears("After").is_over("completed")
    assert error in carrier.state()["errors"][0]
    assert len(carrier.state()["calls"]) == 1


def test_a_whisper_cannot_dial(carrier: Carrier, documents: Documents) -> None:
    documents.write("/whisper", f"<Dial>{PHONE}</Dial>")
    agent = ring(carrier, documents.write("/start", f"<Dial>{number(url='/whisper')}</Dial>", AFTER)).answer()
    carrier.phone(CLIENT).rings().answer().is_over()
    agent.hears("After").is_over()
    assert "13201" in carrier.state()["errors"][0]
