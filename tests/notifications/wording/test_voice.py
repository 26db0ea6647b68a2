"""What an English voice can say: names in other scripts are put in Latin letters, and what it can say is left alone."""

import pytest

from app.notifications.wording.voice import spoken


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Connecting you to Дмитрий.", "Connecting you to Dmitriy."),
        ("Connecting you to Ελένη.", "Connecting you to Eleni."),
        ("Connecting you to 美玲.", "Connecting you to MeiLing."),
        ("Connecting you to José, Đặng and Zoë.", "Connecting you to José, Đặng and Zoë."),
        ("A seller in Austin,\n78704: $1.2M", "A seller in Austin, 78704: $1.2M"),
    ],
    ids=["Cyrillic", "Greek", "Han", "Latin with marks", "lines"],
)
def test_names_in_other_scripts_are_said_in_latin_letters(written: str, said: str) -> None:
    assert spoken(lambda _template, **_values: written, "claimed", brand="Dibs") == said
