"""`make scale`: what each path costs at 10,000 and 1,000,000 referrals, and how many open pages two cores can take."""
