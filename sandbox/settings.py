"""The sandbox's own settings, from the environment."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SandboxSettings:
    """An account at a carrier with one or two numbers, and where the product listens."""

    port: int
    smtp_port: int
    account_sid: str
    auth_token: str
    mail_hook_key: str
    """The password of the product's address for bounces; empty: no bounce is posted."""
    brand: str
    public_url: str
    numbers: tuple[str, ...]
    messaging_service_sid: str
    calls_per_second: float
    speed: float
    """How much faster than life the voice speaks and silence passes."""
    state_path: Path | None
    """Where texts, mails and phones are kept between two runs, if anywhere."""
    client_answers: tuple[str, float] | None
    """Numbers with this prefix pick up by themselves after so many seconds: clients, in the demo."""

    @property
    def origin(self) -> str:
        """Where this sandbox is, as its push endpoints say."""
        return f"http://127.0.0.1:{self.port}"


def load() -> SandboxSettings:
    """Reads the environment; what is missing gets the demo's value."""
    env = os.environ
    numbers = [env.get("TWILIO_CALL_FROM") or "+15125550100", env.get("TWILIO_SMS_FROM") or ""]
    prefix, _, seconds = (env.get("SANDBOX_CLIENT_ANSWERS") or "").partition(":")
    return SandboxSettings(
        port=int(env.get("SANDBOX_PORT") or 8001),
        smtp_port=int(env.get("SANDBOX_SMTP_PORT") or 8025),
        account_sid=env.get("TWILIO_ACCOUNT_SID") or "AC" + "0" * 32,
        auth_token=env.get("TWILIO_AUTH_TOKEN") or "sandbox",
        mail_hook_key=env.get("MAIL_HOOK_KEY") or "",
        brand=env.get("BRAND_NAME") or "Dibs",
        public_url=(env.get("PUBLIC_URL") or "http://localhost:8000").rstrip("/"),
        numbers=tuple(dict.fromkeys(number for number in numbers if number)),
        messaging_service_sid=env.get("TWILIO_MESSAGING_SERVICE_SID") or "",
        calls_per_second=float(env.get("SANDBOX_CALLS_PER_SECOND") or 1),
        speed=float(env.get("SANDBOX_SPEED") or 1),
        state_path=Path(env["SANDBOX_STATE"]) if env.get("SANDBOX_STATE") else None,
        client_answers=(prefix, float(seconds or 3)) if prefix else None,
    )
