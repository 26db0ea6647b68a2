"""A client as the portal of their agent shows them, and what the agent does there."""

from tests.support.browser.page import Page, read_words
from tests.support.browser.sign_in import signed_in
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import select


class Client:
    """Maria, for whom `sam` has an offer."""

    def __init__(self, network: Network, product: Product, sam: AgentInTest, **referral: object) -> None:
        self.network, self.product, self.sam = network, product, sam
        self.referral = network.refer(**(referral or {"agent_id": sam.id}))
        self.page = Page(sam.phone.gets_text().link)
        self.path = f"/referrals/{self.referral['id']}"
        self.visitor = signed_in(product.url, sam)

    def claimed(self, *, talks: bool = True) -> "Client":
        self.page.press("call")
        self.sam.phone.rings().answer().press("1")
        client = self.network.client_phone(self.referral).rings()
        if talks:
            client.answer()
            self.page.becomes("connected")
        client.hang_up()
        self.sam.phone.hang_up().is_over()
        return self

    @property
    def words(self) -> str:
        return read_words(self.visitor.get(self.path).text)

    def does(self, what: str, /, **form: str) -> int:
        return self.visitor.post(f"{self.path}/{what}", **form).status_code

    def is_refused(self, what: str, /, **form: str) -> str:
        """What the page says instead."""
        answer = self.visitor.post(f"{self.path}/{what}", **form)
        assert answer.status_code == 422, answer.text
        return read_words(answer.text)

    @property
    def stage(self) -> object:
        found = select(self.product, f"SELECT stage FROM deal WHERE referral_id = '{self.referral['id']}'")
        return found[0][0] if found else None
