"""A carrier and an inbox on loopback: Twilio's own HTTP, phones on a web page. It knows nothing of the product."""
