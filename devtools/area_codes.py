"""`python -m devtools.area_codes`: writes which state each area code is of, from libphonenumber's own descriptions.

phonenumbers' geocoder knows them too, but takes 100 MB of each process to say so.
"""

import phonenumbers
from phonenumbers import geocoder

from deploy.processes import ROOT

TARGET = ROOT / "app" / "clients" / "area_codes.toml"
HEAD = "# The area codes of each state, province and territory. Made by `python -m devtools.area_codes`.\n"
NAMES = {
    "Alabama": "AL", "Alaska": "AK", "Alberta": "AB", "Arizona": "AZ", "Arkansas": "AR", "British Colombia": "BC",
    "British Columbia": "BC", "California": "CA", "Colorado": "CO", "Connecticut": "CT", "Delaware": "DE",
    "Florida": "FL", "Georgia": "GA", "Guam": "GU", "Hawaii": "HI", "Idaho": "ID", "Illinois": "IL", "Indiana": "IN",
    "Iowa": "IA", "Kansas": "KS", "Kentucky": "KY", "Louisiana": "LA", "Maine": "ME", "Manitoba": "MB",
    "Maryland": "MD", "Massachusetts": "MA", "Michigan": "MI", "Minnesota": "MN", "Mississippi": "MS",
    "Missouri": "MO", "Montana": "MT", "Nebraska": "NE", "Nevada": "NV", "New Brunswick": "NB",
    "New Hampshire": "NH", "New Jersey": "NJ", "New Mexico": "NM", "New York": "NY",
    "Newfoundland and Labrador": "NL", "North Carolina": "NC", "North Dakota": "ND",
    "Northern Mariana Islands": "MP", "Northwest Territories/Nunavut/Yukon": "NT",
    "Nova Scotia/Prince Edward Island": "NS", "Ohio": "OH", "Oklahoma": "OK", "Ontario": "ON", "Oregon": "OR",
    "Pennsylvania": "PA", "Puerto Rico": "PR", "Quebec": "QC", "Rhode Island": "RI", "Saskatchewan": "SK",
    "South Carolina": "SC", "South Dakota": "SD", "Tennessee": "TN", "Texas": "TX", "U.S. Virgin Islands": "VI",
    "Utah": "UT", "Vermont": "VT", "Virginia": "VA", "Washington D.C.": "DC", "Washington State": "WA",
    "West Virginia": "WV", "Wisconsin": "WI", "Wyoming": "WY",
}  # fmt: skip
"""As libphonenumber spells them."""
CITY = ", "


def area_codes() -> dict[str, list[str]]:
    """By state, province or territory, those of the United States and Canada; toll-free and other codes have none."""
    found: dict[str, list[str]] = {}
    for code in map(str, range(200, 1000)):
        described = geocoder.description_for_number(phonenumbers.parse(f"+1{code}5550142"), "en")
        state = described.rpartition(CITY)[2] if CITY in described else NAMES.get(described)
        if state is not None:
            found.setdefault(state, []).append(code)
    return dict(sorted(found.items()))


def main() -> None:
    """Writes the table."""
    lines = [f'{state} = "{" ".join(codes)}"\n' for state, codes in area_codes().items()]
    TARGET.write_text(HEAD + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
