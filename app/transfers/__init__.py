"""A live transfer: an adviser has the client on the phone, agents are rung, and the first key 1 joins them."""
