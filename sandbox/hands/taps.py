"""What a tap does outside of the phone: on a notification, or on a mail program's "Unsubscribe"."""

import re
from urllib.parse import urljoin

import requests
from flask import Response, abort, jsonify

from sandbox.hands.control import blueprint, done, json_body
from sandbox.push.browsers import Push, is_point, new_browser
from sandbox.rest import world
from sandbox.world import Mail

ACTIONS: dict[str, dict[str, str]] = {"call": {}, "decline": {"reason": "by_push"}}
"""What the buttons of a notification post, with which form."""
OPEN = "open"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
HTTP_LINK = re.compile(r"<(https?://[^>]+)>")
TAP_SECONDS = 10.0
GONE = frozenset({404, 410})


@blueprint.post("/browsers")
def subscribe() -> Response:
    """A browser subscribes; its PushSubscription, and its id."""
    given = json_body()
    names = ("label", "account", "application_server_key")
    chosen = {name: str(given[name]) for name in names if given.get(name)}
    if "application_server_key" in chosen and not is_point(chosen["application_server_key"]):
        abort(400, "application_server_key is no point on P-256")
    browser = new_browser(**chosen)
    browser.shows = given.get("shows", True) is not False
    world().update(lambda: world().push.browsers.__setitem__(browser.id, browser))
    return jsonify(id=browser.id, **browser.subscription(world().settings.origin))


@blueprint.post("/browsers/<browser_id>/gone")
def unsubscribe_browser(browser_id: str) -> Response:
    """The subscription is over: every push is answered 410, or 404 if that is given."""
    browser, status = world().push.browsers.get(browser_id), json_body().get("status", 410)
    if browser is None or status not in GONE:
        abort(404 if browser is None else 400)
    world().update(lambda: setattr(browser, "gone", status))
    return done()


@blueprint.post("/pushes/<push_id>/<action>")
def tap(push_id: str, action: str) -> Response:
    """Taps a notification, or a button on it: what the product's service worker would post is posted."""
    push = next((push for push in world().push.pushes if push.id == push_id), None)
    if push is None or action not in {OPEN, *ACTIONS}:
        abort(404)
    link, answer = _link(push), None
    if action in ACTIONS:
        answer = _post(f"{link}/{action}", ACTIONS[action], {"Origin": world().settings.public_url})
    world().update(lambda: setattr(push, "acted", action))
    return jsonify(url=link, answer=answer)


@blueprint.post("/mails/<int:mail_id>/unsubscribe")
def unsubscribe(mail_id: int) -> Response:
    """One click on "Unsubscribe", by RFC 8058: a post without cookies, and nobody reads the page that answers."""
    mail = next((mail for mail in world().mails if mail.id == mail_id), None)
    link = one_click_link(mail) if mail is not None else None
    if mail is None or link is None:
        abort(404)
    answer = _post(link, ONE_CLICK, {})
    world().update(lambda: setattr(mail, "unsubscribed", answer))
    if not (isinstance(answer, int) and answer in range(200, 300)):
        world().error(f"unsubscribe: {link} answered {answer}, and the reader was told that all is well")
    return jsonify(answer=answer)


def one_click_link(mail: Mail) -> str | None:
    """Where one click posts to, if the mail offers that."""
    headers = dict(mail.headers)
    found = HTTP_LINK.search(headers.get("List-Unsubscribe", ""))
    return found[1] if found and headers.get("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click" else None


def _link(push: Push) -> str:
    """The notification's `url` on the product, and nowhere else."""
    home = world().settings.public_url
    link = urljoin(f"{home}/", str(push.payload().get("url", "/")))
    if not link.startswith(f"{home}/"):
        world().error(f"push {push.id}: its url leads away from {home}")
        abort(400)
    return link


def _post(url: str, form: dict[str, str], headers: dict[str, str]) -> int | str:
    """The status of the answer, or what went wrong; a redirect is not followed."""
    try:
        answer = requests.post(url, form, headers=headers, timeout=TAP_SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        return type(error).__name__
    return answer.status_code
