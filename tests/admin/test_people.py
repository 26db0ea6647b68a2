"""Who works at the desk: admins, and viewers who look and change nothing."""

import pytest

from tests.support.browser.browser import Visitor
from tests.support.browser.page import read_words
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import select

PEOPLE = "/admin/network/people"


@pytest.fixture
def admin(product: Product, network: Network) -> Visitor:
    return Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())


@pytest.fixture
def viewer(admin: Visitor, product: Product, carrier: Carrier) -> Visitor:
    """Somebody whom the admin has let look, by the link they were mailed."""
    admin.post(PEOPLE, email="eve@network.example", role="viewer")
    mail = carrier.inbox("eve@network.example").gets_mail()
    return Visitor(product.url).signs_in(mail.link)


def test_a_viewer_sees_the_desk_and_no_button_that_changes_anything(
    viewer: Visitor, network: Network, sam: AgentInTest
) -> None:
    referral = network.refer(agent_id=sam.id)
    board, page = viewer.get("/admin/").text, viewer.get(f"/admin/referrals/{referral['id']}").text
    assert "Seller in Austin" in read_words(board)
    assert "What happened" in read_words(page)
    for words in ("Send a referral", "Withdraw", "Client on the line", "Show who it is", "want to be called"):
        assert words not in read_words(board) + read_words(page)
    for path in ("agents", "teams", "routing", "terms", "messages", "figures", "network", "network/keys"):
        answer = viewer.get(f"/admin/{path}")
        assert answer.status_code == 200
        assert 'method="post"' not in answer.text.replace('method="post" action="/sign-out"', "") or path in (
            "routing",
            "terms",
        )
    assert "You can look at this, but not change it." in viewer.get("/admin/terms").text


def test_a_viewer_changes_nothing_whatever_is_sent(
    viewer: Visitor, network: Network, product: Product, sam: AgentInTest
) -> None:
    referral = network.refer(agent_id=sam.id)
    before = select(product, "SELECT (SELECT count(*) FROM desk_action), (SELECT count(*) FROM client_view)")
    here = f"/admin/referrals/{referral['id']}"
    for path in (f"{here}/act", f"{here}/client", f"{here}/transfer", "/admin/bulk", PEOPLE, "/admin/network/keys"):
        answer = viewer.post(path, action="withdraw", why="because", email="a@b.example", role="admin", name="key")
        assert (answer.status_code, "You can look at the desk, but not change anything." in answer.text) == (403, True)
    after = select(product, "SELECT (SELECT count(*) FROM desk_action), (SELECT count(*) FROM client_view)")
    assert after == before
    assert network.offers(referral) == {sam.id: "sent"}


def test_an_admin_adds_people_changes_their_role_and_removes_them(
    admin: Visitor, viewer: Visitor, product: Product
) -> None:
    assert "eve@network.example Viewer" in read_words(admin.get(PEOPLE).text)
    admin.post(PEOPLE, email="eve@network.example", role="admin")
    assert "eve@network.example Admin" in read_words(admin.get(PEOPLE).text)
    assert "Sign in" in read_words(viewer.get("/admin/").text), "another role is another session"
    ((eve,),) = select(product, "SELECT id FROM account WHERE email = 'eve@network.example'")
    admin.post(f"{PEOPLE}/{eve}/remove")
    assert "eve@network.example" not in read_words(admin.get(PEOPLE).text)
    assert "eve@network.example" in read_words(admin.get("/admin/network/changes").text)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "nobody", "role": "admin"}, "email address"),
        ({"email": "eve@network.example", "role": "owner"}, "Choose admin or viewer."),
        ({"email": "BOSS@network.example", "role": "viewer"}, "You cannot change your own role."),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    admin: Visitor, product: Product, fields: dict[str, str], words: str
) -> None:
    answer = admin.post(PEOPLE, **fields)
    assert (answer.status_code, words in read_words(answer.text)) == (422, True), read_words(answer.text)
    assert select(product, "SELECT count(*) FROM account WHERE is_admin OR is_viewer") == [(1,)]


def test_nobody_removes_themselves(admin: Visitor, product: Product) -> None:
    ((boss,),) = select(product, "SELECT id FROM account WHERE is_admin")
    assert admin.post(f"{PEOPLE}/{boss}/remove").status_code == 422
    assert select(product, "SELECT count(*) FROM account WHERE is_admin") == [(1,)]
