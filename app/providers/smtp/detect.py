"""Run as a program: whom a mail on standard input says it could not be delivered to, as JSON on standard output.

The detectors are regular expressions over whatever anybody mails to us, and some take hours over a mail made for them.
So they run in a process of their own, within limits that it sets itself.
"""

import email
import json
import resource
import sys

from flufl.bounce import all_failures

CPU_SECONDS = 2
MEMORY_BYTES = 512 * 1024 * 1024


def main() -> None:
    """Ends by a signal when the mail takes more than it may."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    delayed, failed = all_failures(email.message_from_bytes(sys.stdin.buffer.read()))
    json.dump([[address.decode("ascii", "replace") for address in found] for found in (delayed, failed)], sys.stdout)


if __name__ == "__main__":
    main()
