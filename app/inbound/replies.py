"""What we answer to a text: templates/sms/reply_*.txt, each of one segment of GSM-7."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.claims.page import ClaimView
from app.claims.phases import Phase
from app.clients.consent import Way
from app.core.referral_kind import kind_word
from app.core.urls import Links
from app.notifications.wording.compose import Render
from app.notifications.wording.gsm7 import EXTENSION, to_gsm7
from app.offers.models import Offer
from app.referrals.rules import Need

LISTED = 3
"""How many open referrals a segment has room for."""
MOVED_ON = frozenset({Phase.DECLINED, Phase.EXPIRED, Phase.WITHDRAWN})


@dataclass(frozen=True)
class Replies:
    """Words our answers; `render` is the templates' own."""

    render: Render
    links: Links
    brand: str

    def no_referral(self) -> str:
        """There is nothing that 1 or 2 could be about."""
        return self._say("none")

    def helpful(self, offers: Sequence[Offer]) -> str:
        """What 1 and 2 do, for these open offers, newest first."""
        if not offers:
            return self._say("help_later")
        if len(offers) == 1:
            return self._say("help_one", **_about(offers[0].referral.need))
        named = [{"letter": offer.letter, **_about(offer.referral.need)} for offer in offers[:LISTED]]
        return self._say("help_letters", named=named, more=len(offers) - len(named))

    def declining(self, offer: Offer) -> str:
        """It moves on in some seconds, unless it is undone."""
        return self._say("declining", **_about(offer.referral.need), link=self.links.offer(offer.id))

    def stopped(self) -> str:
        """The one word that may follow a STOP."""
        return self._say("stopped")

    def no_more(self, ways: Sequence[Way]) -> str:
        """Confirms a do-not-contact request."""
        return self._say("no_more", calls=Way.CALL in ways)

    def refused(self, reason: str) -> str:
        """No call now, by the claim page's reasons: the agent is paused, their phone busy, or rung too often."""
        return self._say(reason)

    def over(self, view: ClaimView) -> str:
        """Why nothing can be done about this offer any more: what its claim page says."""
        about = _about(view.need)
        if view.phase is Phase.LOST:
            winner = plain_name(view.winner_first_name)
            return self._say("lost", **about, winner_first_name=winner, behind_seconds=view.behind_seconds)
        if view.phase is Phase.DECLINING:
            return self._say("declining", **about, link=self.links.offer(view.offer_id))
        if view.claimed_at is not None and view.phase not in MOVED_ON:
            return self._say("yours", **about, link=self.links.portal(view.referral_id))
        return self._say("moved_on", **about, phase=view.phase, view=view)

    def one_moment(self) -> str:
        """Nothing has happened: ask again."""
        return self._say("again")

    def _say(self, what: str, **values: Any) -> str:
        words = self.render(f"sms/reply_{what}.txt", brand=plain_name(self.brand), **values)
        return " ".join(words.split())


def plain_name(text: str) -> str:
    """A name in the alphabet of a text, without what would take the room of two."""
    return "".join(char for char in to_gsm7(text) if char not in EXTENSION)


def _about(need: Need) -> dict[str, str]:
    return {"kind": kind_word(need.kind), "place": plain_name(need.place)}
