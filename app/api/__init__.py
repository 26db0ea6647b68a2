"""The intake API, version 1: what the network's own software uses. Stable."""

from app.api.body import JsonBlueprint

blueprint = JsonBlueprint("api", __name__, description="Teams, agents and referrals.")

from app.api import agents, do_not_contact, errors, events, guard, referrals, teams  # noqa: F401
