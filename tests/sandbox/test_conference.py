"""Conference as Twilio documents it: who hears whom, what ends it, and its callbacks."""

from typing import Any

from tests.sandbox.account import OURS, PHONE, client, ring
from tests.support.carrier.carrier import Carrier
from tests.support.carrier.documents import Documents
from tests.support.phone.phone import Phone
from tests.support.world.waiting import eventually

OTHER = "+15125557001"
AFTER = "<Say>After</Say>"


def room(dial: str = "", **attributes: str) -> str:
    """A Dial into the room."""
    given = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return f'<Dial action="/left" {dial}><Conference {given}>room</Conference></Dial>'


def other(carrier: Carrier, url: str) -> Phone:
    """The other phone, which is called with the document at `url`."""
    client(carrier).calls.create(to=OTHER, from_=OURS, url=url)
    return carrier.phone(OTHER).rings()


def reported(carrier: Carrier) -> list[dict[str, Any]]:
    return [one["params"] for one in carrier.state()["callbacks"] if one["url"].endswith("/room")]


def test_two_who_enter_hear_each_other_and_one_who_leaves_does_not_end_it(
    carrier: Carrier, documents: Documents
) -> None:
    documents.write("/left", AFTER)
    documents.write("/room")
    told = {"statusCallback": "/room", "statusCallbackEvent": "start end join leave"}
    first = ring(carrier, documents.write("/one", room(participantLabel="one", **told))).answer()
    second = other(carrier, documents.write("/two", room(participantLabel="two"))).answer()
    first.hears(f"in a conference with {OTHER}")
    second.hears(f"in a conference with {PHONE}").hang_up().is_over("completed")
    first.hears(f"{OTHER} has left").hang_up().is_over("completed")
    expected = [
        ("participant-join", "one"), ("participant-join", "two"), ("conference-start", None),
        ("participant-leave", "two"), ("participant-leave", "one"), ("conference-end", None),
    ]  # fmt: skip
    eventually(lambda: len(reported(carrier)) == len(expected), "all that was to be reported")
    events = reported(carrier)
    assert [(one["StatusCallbackEvent"], one.get("ParticipantLabel")) for one in events] == expected
    assert [one["SequenceNumber"] for one in events] == ["1", "2", "3", "4", "5", "6"]
    assert {one["FriendlyName"] for one in events} == {"room"}
    assert len({one["ConferenceSid"] for one in events}) == 1


def test_it_ends_for_all_with_one_who_is_said_to_end_it_and_the_action_is_asked(
    carrier: Carrier, documents: Documents
) -> None:
    documents.write("/left", AFTER)
    first = ring(carrier, documents.write("/one", room())).answer()
    second = other(carrier, documents.write("/two", room(endConferenceOnExit="true"))).answer()
    second.hears("in a conference").hang_up().is_over("completed")
    first.hears("After").is_over("completed")
    assert documents.asked("/left").params["DialCallStatus"] == "answered"


def test_nobody_is_heard_before_one_who_starts_it_has_come(carrier: Carrier, documents: Documents) -> None:
    quiet = documents.write("/quiet", room(startConferenceOnEnter="false"))
    first, second = ring(carrier, quiet).answer(), other(carrier, quiet).answer()
    third = carrier.phone("+15125557002")
    client(carrier).calls.create(to=third.number, from_=OURS, url=documents.write("/three", room()))
    third.rings().answer().hears(f"in a conference with {OTHER}, {PHONE}")
    first.hears("in a conference").hang_up().is_over()
    second.hang_up().is_over()
    third.hang_up().is_over()


def test_the_star_leaves_it_where_that_is_wanted(carrier: Carrier, documents: Documents) -> None:
    documents.write("/left", AFTER)
    first = ring(carrier, documents.write("/one", room('hangupOnStar="true"'))).answer()
    second = other(carrier, documents.write("/two", room())).answer().hears("in a conference")
    first.press("*").hears("After").is_over("completed")
    second.hears(f"{PHONE} has left").hang_up().is_over()


def test_a_new_document_takes_a_call_out_of_it(carrier: Carrier, documents: Documents) -> None:
    documents.write("/left", AFTER)
    first = ring(carrier, documents.write("/one", room())).answer()
    second = other(carrier, documents.write("/two", room())).answer().hears("in a conference")
    client(carrier).calls(first.sid).update(twiml="<Response><Say>Elsewhere</Say></Response>")
    first.hears("Elsewhere").is_over("completed")
    second.hears(f"{PHONE} has left").hang_up().is_over()


def test_a_conference_stands_alone_in_its_dial(carrier: Carrier, documents: Documents) -> None:
    both = "<Dial><Conference>room</Conference><Number>+15125557001</Number></Dial>"
    ring(carrier, documents.write("/start", both)).answer().hears("application error").is_over()
    assert any("12200" in error for error in carrier.state()["errors"])
