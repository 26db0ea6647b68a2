"""What of a name may be shown before the claim: the given name, and nothing where it cannot be told from a surname."""

import pytest

from app.core.names import given_name, shown_agent, shown_client


@pytest.mark.parametrize(
    ("full", "given"),
    [
        ("Maria Lopez", "Maria"),
        ("Maria\u00a0Lopez", "Maria"),
        ("Maria\u2009Lopez", "Maria"),
        ("Maria\tLopez", "Maria"),
        ("Maria\nLopez", "Maria"),
        ("  Maria   Lopez ", "Maria"),
        ("Lopez, Maria", "Maria"),
        ("Lopez,Maria", "Maria"),
        ("LOPEZ, MARIA ANA", "MARIA"),
        ("Lopez, Dr. Maria", "Maria"),
        ("Mr. John Smith", "John"),
        ("Mr.John Smith", "John"),
        ("Dr Maria Delgado", "Maria"),
        ("Prof. Dr. Ana Ruiz", "Ana"),
        ("Sra. Ana Ruiz", "Ana"),
        ("John Smith, Jr.", "John"),
        ("John Smith Jr.", "John"),
        ("Maria-José O'Brien", "Maria-José"),
        ("Lopez, Maria, MD", "Maria"),
        ("Lopez, Jr., Maria", "Maria"),
        ("Lopez\uff0c Maria", "Maria"),
        ("Maria Lopez MD", "Maria"),
        ("Doctor Maria Lopez", "Maria"),
        ("(Maria) Lopez", "Maria"),
        ('"Maria" Lopez', "Maria"),
        ('Maria "Mia" Lopez', "Maria"),
        ("J.R. Lopez", "J.R."),
        ("J. Robert Lopez", "Robert"),
        ("Lopez, J. Robert", "Robert"),
        ("Maria and John Lopez", "Maria"),
        ("Maria & John Lopez", "Maria"),
        ("Maria Lopez and John Smith", "Maria"),
        ("Lopez, Maria and John", "Maria"),
        ("J. Lopez", None),
        ("Lopez, J.", None),
        ("Lopez and Garcia", None),
        ("Lopez & Maria", None),
        ("Lopez / Maria", None),
        ("Lopez/Maria", None),
        ("Lopez Maria", None),
        ("LOPEZ MARIA ANA", None),
        ("Nguyễn Phước Tôn", None),
        ("van Dyke Maria", None),
        ("De la Cruz Maria", None),
        ("The Lopez Family", None),
        ("Lopez Family", None),
        ("Estate of Maria Lopez", None),
        ("Lopez Living Trust", None),
        ("Lopez Holdings, LLC", None),
        ("李雷 (Lei Li)", None),
        ("王 小明", "小明"),
        ("مريم لوبيز", "مريم"),
        ("Maria 2nd Lopez", "Maria"),
        ("Maria", None),
        ("Lopez", None),
        ("Mr. Smith", None),
        ("M. Lopez", None),
        ("Lopez,", None),
        (",Lopez", None),
        ("王小明", None),
        ("maria.lopez@example.com", None),
        ("Maria Lopez <maria@example.com>", None),
        ("512 555 1001", None),
        ("(512) 555-1001 Lopez", None),
        ("- Lopez", None),
        ("", None),
        ("   ", None),
    ],
)
def test_the_given_name_in_a_full_name(full: str, given: str | None) -> None:
    assert given_name(full) == given
    assert shown_client(full) == (given or "the client")


def test_an_agent_is_called_as_the_network_wrote_them() -> None:
    assert [shown_agent(name) for name in ("Sam Ortiz", "Ortiz, Sam", "Sam", "Team  Lakeline")] == [
        "Sam", "Sam", "Sam", "Team",
    ]  # fmt: skip
