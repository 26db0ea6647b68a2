"""Mails that a test sends by itself."""

import smtplib
from email.message import EmailMessage


def newsletter(smtp: smtplib.SMTP, to: str, link: str, *, one_click: bool = True) -> None:
    """One that can be unsubscribed from at `link`, with one click or on a page."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Dibs <d@dibs.example>", to, "Your week"
    message["List-Unsubscribe"] = f"<mailto:leave@dibs.example>, <{link}>"
    if one_click:
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content("Hello")
    smtp.send_message(message)
