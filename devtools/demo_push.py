"""The demo's agents take push: each has a browser at the sandbox, whose notifications its phones show."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select


def subscribe_agents(origin: str, new_browser: Callable[[dict[str, str]], dict[str, Any]]) -> None:
    """Gives a browser to each agent without one at `origin`; `new_browser` makes it: its PushSubscription."""
    from app import create_app
    from app.core.clock import now
    from app.core.runtime import runtime
    from app.extensions import db
    from app.notifications.channels.subscriptions import Browser, live_subscriptions, subscribe
    from app.people.models import Agent
    from app.providers.webpush.keys import public_key

    with create_app().app_context():
        session, key = db.session(), public_key(runtime().settings.vapid_private_key)
        for agent in session.scalars(select(Agent).order_by(Agent.id)):
            known = live_subscriptions(session, [agent.account_id])
            if any(browser.endpoint.startswith(f"{origin}/") for browser in known):
                continue
            made = new_browser({"label": agent.name, "account": agent.phone, "application_server_key": key})
            keys, device = made["keys"], "The sandbox's phone"
            browser = Browser(made["endpoint"], keys["p256dh"], keys["auth"], device)
            subscribe(session, account_id=agent.account_id, browser=browser, at=now())
        session.commit()
        db.engine.dispose()
