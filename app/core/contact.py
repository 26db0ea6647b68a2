"""What a phone, an email address and a time zone have to be."""

import re
from datetime import datetime
from functools import lru_cache
from zoneinfo import available_timezones

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from app.core.formats import listed
from app.core.language import gettext as _

NORTH_AMERICAN = re.compile(r"[2-9](?!11)\d\d[2-9]\d{6}")
PREMIUM = {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST}
PREMIUM_PREFIX = "+1900"
"""Premium whatever follows, also in ranges the numbering plan does not know."""
UNREAL_ZONES = ("Etc/", "SystemV/", "posix/", "right/", "localtime", "Factory", "posixrules")
INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""Soft hyphens, spaces of no width, byte order marks, and marks that turn the direction of writing."""
TERRITORIES = ("PR", "VI", "GU", "AS", "MP")
"""Of the United States: part of its numbering plan, and home to people with addresses all over it."""
COSTLY = re.compile(r"(5(00|2[1-9]|33|44|66|77|88)|6(00|22)|7(00|10)|900)\d{7}|\d{3}976\d{4}|\d{3}5551212")
"""North American numbers that are nobody's phone: personal and machine services, pay per call, directory enquiries."""


class NotUsable(ValueError):
    """A value that cannot be used; the message says why, for the person who typed it."""


def parse_phone(raw: str, countries: tuple[str, ...]) -> str:
    """`raw` as people type it, in E.164. Raises NotUsable.

    A number without a country code is taken to be of the first of `countries`; numbers outside them, and
    premium ones, are refused.
    """
    countries = with_territories(countries)
    try:
        number = phonenumbers.parse(without_invisible(raw), countries[0])
    except NumberParseException:
        raise NotUsable(_("This is not a phone number.")) from None
    if not phonenumbers.is_possible_number(number) or number.extension or not _is_dialable(number):
        raise NotUsable(_("This cannot be a phone number."))
    region = phonenumbers.region_code_for_number(number)
    if region is None and number.country_code == phonenumbers.country_code_for_region(countries[0]):
        region = countries[0]  # a range the numbering plan does not know (yet), such as 555
    if region not in countries:
        named = [country for country in countries if country not in TERRITORIES]
        raise NotUsable(_("Only numbers of %(countries)s can be reached.", countries=listed(named)))
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if phonenumbers.number_type(number) in PREMIUM or e164.startswith(PREMIUM_PREFIX):
        raise NotUsable(_("Premium-rate numbers cannot be used."))
    if number.country_code == 1 and COSTLY.fullmatch(str(number.national_number)):
        raise NotUsable(_("This is no number of a person."))
    return str(e164)


def with_territories(countries: tuple[str, ...]) -> tuple[str, ...]:
    """The countries of a setting: `US` means its territories, too."""
    return (*countries, *TERRITORIES) if "US" in countries else countries


def without_invisible(text: str) -> str:
    """`text` without the characters that come along with a copy and that no eye sees."""
    return INVISIBLE.sub("", text)


def _is_dialable(number: PhoneNumber) -> bool:
    """North American area codes begin with 2 to 9 and are no N11, exchanges begin with 2 to 9. Others: unknown here."""
    return number.country_code != 1 or NORTH_AMERICAN.fullmatch(str(number.national_number)) is not None


@lru_cache(maxsize=8192)
def display_phone(e164: str) -> str:
    """`(512) 555-1001` for a North American number, the international form for others."""
    number = phonenumbers.parse(e164)
    national = number.country_code == 1
    return phonenumbers.format_number(
        number, PhoneNumberFormat.NATIONAL if national else PhoneNumberFormat.INTERNATIONAL
    )


def parse_email(raw: str) -> str:
    """`raw`, normalised, in the form in which every mail server takes it. Raises NotUsable.

    Whether mail arrives is found out by sending some.
    """
    try:
        found = validate_email(
            without_invisible(raw).strip(), check_deliverability=False, test_environment=True, allow_smtputf8=False
        )
    except EmailNotValidError:
        raise NotUsable(_("This is not an email address.")) from None
    return str(found.ascii_email)


def parse_time_zone(raw: str) -> str:
    """An IANA zone such as America/Chicago. Raises NotUsable."""
    if raw not in available_timezones() or raw.startswith(UNREAL_ZONES):
        raise NotUsable(_("This is not a time zone such as America/Chicago."))
    return raw


def parse_moment(text: str) -> datetime | None:
    """A moment in ISO 8601 with its zone; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
