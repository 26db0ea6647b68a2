"""What admins do about referrals."""
