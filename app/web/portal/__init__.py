"""The portal: what an agent sees once signed in."""
