"""The product's log: JSON, with the ids of request and job, and nobody's secrets."""

import json
from typing import Any

from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page
from tests.support.browser.sign_in import sign_in_link
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.support.world.rows import select
from tests.support.world.waiting import eventually


def written(product: Product, since: int) -> str:
    """The log from the byte `since` on."""
    with product.log_path.open("rb") as log:
        log.seek(since)
        return log.read().decode(errors="replace")


def records(product: Product, since: int) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written(product, since).splitlines()]


def test_each_record_is_json_and_a_job_names_itself_and_the_request_that_asked_for_it(
    network: Network, carrier: Carrier, product: Product
) -> None:
    since = product.log_path.stat().st_size
    sam = network.add_agent()
    answer = network.post("/referrals", network.referral_body(agent_id=sam.id), **{"X-Request-Id": "order-4711"})
    assert answer.headers["X-Request-Id"] == "order-4711"
    sam.phone.gets_text()
    sam.mailbox.gets_mail()

    def of_the_request() -> list[dict[str, Any]]:
        return [record for record in records(product, since) if record.get("request_id") == "order-4711"]

    eventually(lambda: len(of_the_request()) >= 4, "the request, its job, and the two messages that sent")
    asked, *rest = sorted(of_the_request(), key=lambda record: record["event"] != "request")
    assert (asked["endpoint"], asked["status"]) == ("api.create_referral", 201)
    rows = {str(id_) for (id_,) in select(product, "SELECT id FROM notification WHERE status <> 'dropped'")}
    assert sorted(record["event"] for record in rest) == ["job", "message", "message"]
    assert {record["notification_id"] for record in rest if record["event"] == "message"} == rows
    assert {record["job"] for record in rest} == {"deliver"}
    assert len({record["job_id"] for record in rest}) == 1
    assert all(record["timestamp"] and record["level"] for record in records(product, since))


def test_a_request_without_an_id_gets_one_and_a_strange_one_is_not_taken(network: Network) -> None:
    first, second = network.get("/teams/x"), network.get("/teams/x")
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]
    url, key = f"{network.url}/api/v1/teams/x", {"Authorization": f"Bearer {network.key}"}
    for strange in ('x" injected="1', "x" * 65):
        answer = Visitor(network.url).get(url, **key, **{"X-Request-Id": strange})
        assert strange not in answer.headers["X-Request-Id"]


def test_no_secret_and_no_person_is_logged_in_a_whole_claim(
    network: Network, carrier: Carrier, product: Product
) -> None:
    team = network.add_team()
    sam, priya = network.add_agent("Sam Ortiz", team), network.add_agent("Priya Raman", team)
    boss = flask(product, "admins", "create", "boss@network.example").strip()
    referral = network.refer(team_id=team)
    sams, priyas = sam.phone.gets_text().link, priya.phone.gets_text().link
    mailed = sam.mailbox.gets_mail("Seller in Austin").link
    visitor = Visitor(product.url)
    signed_in = sign_in_link(visitor, sam)
    visitor.signs_in(signed_in)
    for _ in range(2):  # Priya misses two calls, and has a PIN
        Page(priyas).press("call")
        priya.phone.rings().decline().is_over()
        eventually(lambda: Page(priyas).phase in ("missed", "pin"), "the miss")
    pin = eventually(lambda: select(product, "SELECT digits FROM pin"), "a PIN")[0][0]
    priya.phone.calls_us().press("000000" if pin != "000000" else "111111").hang_up()
    Page(sams).press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")
    maria = network.client_phone(referral).rings().answer()
    maria.hang_up()
    sam.mailbox.gets_mail("Maria Delgado")
    visitor.get(f"/referrals/{referral['id']}")
    Visitor(product.url).signs_in(boss).get(f"/admin/referrals/{referral['id']}")
    network.post("/agents", {"name": "Maria Delgado", "phone": "12", "email": "maria@"})
    log = written(product, 0)
    phones = [sam.phone.number, priya.phone.number, maria.number, "+15125550100", "+15125550101"]
    people = ["Delgado", "Maria", "maria@mail.example", sam.email, priya.email, "boss@network.example"]
    tokens = [link.rpartition("/")[2] for link in (sams, priyas, mailed, signed_in, boss)]
    secrets = [network.key, product.env["TWILIO_AUTH_TOKEN"], f'"{pin}"', f"={pin}"]
    told = [*phones, *(phone[-7:] for phone in phones), *people, *tokens, *secrets, "Would like to list"]
    assert [secret for secret in told if secret in log] == []
