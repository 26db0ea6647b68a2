"""What hands do to the sandbox: its pages, taps, and the control API of tests."""
