"""Who is offered a referral that names nobody, in which order, and why: docs/routing.md."""
