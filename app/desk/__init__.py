"""What an admin does about a referral: asked why, undone within ten seconds, and kept."""
