"""Who is shown which referral, by which link, and until when."""
