"""What an agent makes of a claimed referral: its stage, notes, what comes next, and what they report about it."""
