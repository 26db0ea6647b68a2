"""An invitation as a link, a QR code, and a prepared email or text that the inviter sends themselves."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

import segno
from markupsafe import Markup

from app.access.models import Invitation
from app.core.language import gettext as _
from app.core.runtime import Purpose, Runtime


@dataclass(frozen=True)
class InvitationLink:
    """`mail` and `text` are mailto: and sms: addresses; `code` is the QR code as SVG."""

    link: str
    expires_at: datetime
    mail: str
    text: str
    code: Markup


def link_of(runtime: Runtime, invitation: Invitation, *, team: str | None) -> InvitationLink:
    """`team` is the name of the team to join; None for the network itself."""
    brand = runtime.settings.brand_name
    link = runtime.link(f"/join/{runtime.signer.sign(Purpose.INVITATION, invitation.id)}")
    subject = _("Join %(team)s on %(brand)s", team=team, brand=brand) if team else _("Join %(brand)s", brand=brand)
    words = f"{subject}: {link}"
    return InvitationLink(
        link=link,
        expires_at=invitation.expires_at,
        mail=f"mailto:?subject={quote(subject, safe='')}&body={quote(words, safe='')}",
        text=f"sms:?&body={quote(words, safe='')}",
        code=Markup(segno.make(link, error="m").svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None)),
    )
