"""Webhooks: the network's software is told of every change, by signed requests that are retried and can be replayed.

What happened is an event, recorded by triggers in the transaction that made it happen. Each endpoint has a delivery of
each event (docs/webhooks.md).
"""
