"""An agent in the middle of their work, at their own pages."""

import re

from playwright.sync_api import BrowserContext, Page

from tests.pipeline.client import Client
from tests.support.browser.portal import sign_in_link
from tests.support.world.database import Database
from tests.support.world.network import Network
from tests.support.world.portfolio import give_portfolio
from tests.support.world.product import Product
from tests.support.world.rows import change


class Portfolio:
    """Sam leads a team, has 41 clients and 23 offers that moved on; one is open now."""

    def __init__(self, network: Network, product: Product, database: Database) -> None:
        team_id = network.add_team("Lakeline")
        self.network, self.product, self.database = network, product, database
        self.sam = network.add_agent("Sam Ortiz", team_id, lead=True)
        give_portfolio(database, self.sam)
        self.maria = Client(network, product, self.sam, team_id=team_id).claimed()
        network.refer(team_id=team_id, kind="buyer")
        self.paths = {
            "home": "/referrals",
            "client": self.maria.path,
            "team": "/team",
            "figures": "/figures",
            "me": "/me",
            "past": "/referrals/past",
        }

    def signs_in(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.goto(sign_in_link(self.product.url, self.database, self.sam.id))
        page.get_by_role("button", name=re.compile("Sign in|Entrar")).click()
        page.wait_for_url("**/referrals")
        return page

    def speaks(self, language: str) -> None:
        change(self.product, f"UPDATE agent SET language = '{language}' WHERE id = '{self.sam.id}'")
