"""Jobs by the names under which the release before queued them. Goes with the next release."""
