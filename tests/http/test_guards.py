"""Every route has a guard: this walks the whole app, so that a new one cannot be forgotten."""

import re

import pytest
import requests
from flask import Flask
from werkzeug.routing import Rule

from app import create_app
from app.config import load_settings
from app.core.queue.jobs import Job
from app.core.queue.queues import QUEUE_OF, QueueName
from tests.support.browser.browser import Visitor
from tests.support.browser.sign_in import signed_in
from tests.support.world.commands import flask
from tests.support.world.network import Network
from tests.support.world.product import Product

OPEN = {
    "health.healthz", "health.readyz", "web.sign_in", "web.ask_for_link", "web.use_code", "web.sign_out", "web.home",
    "web.text_me_the_code", "web.our_number", "web.manifest", "web.service_worker", "web.offline", "web.touch_icon",
    "web.passkey_options", "web.sign_in_by_passkey",
}  # fmt: skip
"""Routes that anybody may ask for."""
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
SIGNED_IN = {
    "web.referrals", "web.referral_list", "web.referral", "web.confirm_proven_number", "web.subscribe_browser",
    "web.turn_off", "web.channels", "web.channel_result", "web.test_channel", "web.turn_channel_on",
    "web.prefer_channel", "web.do_not_contact_client", "web.outcome_of_call", "web.reply", "web.voicemail",
    "web.remove_push_device", "web.ring_me_first",
    "web.channels_checked", "web.channels_later", "web.past_referrals", "web.call_client",
    "web.stage", "web.hold_until", "web.note", "web.report_referral", "web.client_card", "web.follow_up_later",
    "web.release_client", "web.hand_over", "web.keep_client", "web.take_client_over", "web.refuse_client", "web.me",
    "web.pause_me", "web.resume_me", "web.change_me", "web.sign_browser_out", "web.sign_others_out", "web.figures",
    "web.team", "web.team_now", "web.member", "web.still_here", "web.keep_my_hours", "web.choose_language",
    "web.choose_what_i_serve", "web.terms", "web.accept_terms",
    "web.make_invitation", "web.end_invitation", "web.let_somebody_in",
    "web.turn_somebody_away", "web.new_passkey_options", "web.add_passkey", "web.forget_passkey",
}  # fmt: skip


@pytest.fixture(scope="module")
def app(product: Product) -> Flask:
    return create_app(load_settings(product.env))


def rules(app: Flask) -> list[tuple[Rule, str]]:
    return [(rule, method) for rule in app.url_map.iter_rules() for method in (rule.methods or set()) & METHODS]


def ask(product: Product, rule: Rule, method: str) -> requests.Response:
    path = re.sub(r"<[^>]+>", "01900000-0000-7000-8000-000000000000", rule.rule)
    headers = {"Sec-Fetch-Site": "same-origin"}
    return requests.request(method, product.url + path, headers=headers, allow_redirects=False, timeout=10)


def test_every_route_is_guarded(app: Flask, product: Product, network: Network) -> None:
    seen = set()
    for rule, method in rules(app):
        endpoint = rule.endpoint
        answer = ask(product, rule, method)
        seen.add(endpoint)
        if endpoint.startswith("hooks."):
            assert answer.status_code == 403, endpoint
        elif endpoint.startswith(("api.", "mail_hooks.")):
            assert answer.status_code == 401, endpoint
        elif endpoint.startswith("admin.") or endpoint in SIGNED_IN:
            assert (answer.status_code, "/sign-in" in answer.headers["Location"]) == (302, True), endpoint
        elif "token" in rule.arguments:  # opened by a signed link
            assert answer.status_code == 404, endpoint
        else:
            assert endpoint in OPEN, f"{endpoint} has no guard"
    assert seen >= OPEN | SIGNED_IN | {"web.claim_page", "web.use_link"}


def test_pages_carry_a_strict_policy_and_are_never_stored(product: Product, network: Network) -> None:
    for path in ("/sign-in", "/o/x", "/admin/", "/healthz"):
        headers = requests.get(product.url + path, allow_redirects=False, timeout=10).headers
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "strict-origin"


def test_an_error_page_keeps_the_navigation_of_who_is_signed_in(product: Product, network: Network) -> None:
    admin = Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())
    agent = signed_in(product.url, network.add_agent())
    for visitor, path, way in (
        (admin, "/admin/nope", "/admin/teams"),
        (admin, "/nope", "/admin/teams"),
        (agent, "/admin/", "/me"),
        (agent, "/referrals/01900000-0000-7000-8000-000000000000", "/me"),
    ):
        answer = visitor.get(path)
        assert answer.status_code == 404
        assert f'href="{way}"' in answer.text
        assert 'href="/sign-in"' not in answer.text
    nobody = Visitor(product.url).get("/nope").text
    assert 'href="/sign-in"' in nobody
    assert "<nav" not in nobody


def test_every_queue_has_a_consumer_and_every_job_a_queue() -> None:
    from tests.support.world.product import WORKERS

    assert set(QUEUE_OF) == set(Job)
    assert set(QueueName) <= set(WORKERS)
    for job in Job:
        module, _, name = job.value.rpartition(".")
        assert callable(getattr(__import__(module, fromlist=[name]), name))


def test_ready_says_which_part_is_not(product: Product, network: Network) -> None:
    assert requests.get(f"{product.url}/healthz", timeout=5).json() == {"status": "ok"}
    parts = requests.get(f"{product.url}/readyz", timeout=5).json()
    assert set(parts) == {"status", "database", "redis", "sweeper", "worker_voice", "worker_messages"}
    assert set(parts.values()) == {"ok"}
