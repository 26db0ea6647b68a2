"""Messages to one account over one channel: their rows, words, delivery and receipts."""
