"""`make bench`: figures as ratios in one run, with what the machine itself can do beside them."""
