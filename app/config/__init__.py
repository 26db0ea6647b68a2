"""Settings from the environment, typed. At start every missing or wrong one is named, all in one message.

Any setting may come from a file named by `NAME_FILE` (as container secrets do).
"""

from app.config.load import SettingsError, load_settings
from app.config.settings import LONGEST_PUBLIC_URL, Settings

__all__ = ["LONGEST_PUBLIC_URL", "Settings", "SettingsError", "load_settings"]
