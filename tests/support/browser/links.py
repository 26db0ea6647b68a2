"""Links as a mail program or a phone finds them in what was written."""

import re

LINK = re.compile(r"https?://\S+")
