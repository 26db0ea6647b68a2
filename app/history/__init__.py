"""What happened to a referral, told to people from the rows of every noun."""
