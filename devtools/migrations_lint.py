"""`python -m devtools.migrations_lint`: squawk over the SQL of each migration, as `make lint` does.

Squawk knows which statement takes which lock, and what the running release would wait for: https://squawkhq.com/docs/rules
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from deploy.processes import BIN, ROOT

NOT_OURS = {
    "prefer-text-field": "our strings are bounded on purpose, and widening one takes no rewrite",
    "prefer-robust-stmts": "a migration is one transaction, or says IF EXISTS: it happens whole, or can be run again",
    "require-timeout-settings": "migrations/env.py sets both for the whole run",
    "ban-drop-constraint": "a check is widened by dropping it and adding the wider one",
    "prefer-bigint-over-int": "nothing that we count comes near two thousand million, and ids are UUIDs",
    "prefer-bigint-over-smallint": "the same",
}
"""Rules that are turned off, and why."""
LANDED = frozenset({
    "ffed1806ceda", "b41f0c5d2a77", "5e2d7c9a40b1", "9c0f4be1d733",
    "c41a7d90e852", "1d5a7e20c9f4", "6e3b90d81f25", "c27f4a1b8e60",
})  # fmt: skip
"""Revisions from before this was looked at. They have run on tables that were small or empty, and cannot change."""
LANDED_WITH = frozenset({
    "adding-field-with-default", "adding-foreign-key-constraint", "changing-column-type",
    "constraint-missing-not-valid", "require-concurrent-index-creation", "require-concurrent-index-deletion",
})  # fmt: skip
ALLOWED = {
    ("7d0be3f41a96", "renaming-object"): "no statement of any release names this constraint",
    ("3c9e71d2b805", "renaming-object"): "no statement of any release names an index",
    ("b2f7c40e9d13", "constraint-missing-not-valid"): "each check is validated behind a COMMIT, which is cut out here",
    ("f0a94d1c3b57", "constraint-missing-not-valid"): "the same",
    ("5b1e7d30c6a8", "constraint-missing-not-valid"): "the same",
    ("6d2b9f07c3e1", "constraint-missing-not-valid"): "the same",
    ("6d2b9f07c3e1", "require-concurrent-index-creation"): "of a table that is made right before",
    ("b8e05a3d71f4", "require-concurrent-index-creation"): "the same",
    ("c41e8a70b95d", "constraint-missing-not-valid"): "each is validated behind a COMMIT, which is cut out here",
    ("c41e8a70b95d", "require-concurrent-index-creation"): "of tables that are made right before",
    ("c41e8a70b95d", "renaming-object"): "no statement of any release names an index",
    ("c41e8a70b95d", "ban-drop-not-null"): "the release before joins the column, and leaves such rows out",
    ("7c1d9f4e2b60", "constraint-missing-not-valid"): "each is validated behind a COMMIT, which is cut out here",
    ("0d94f6b1a7e3", "constraint-missing-not-valid"): "each is validated behind a COMMIT, which is cut out here",
    ("0d94f6b1a7e3", "renaming-object"): "no statement of any release names an index",
    ("5a27e8c3f019", "constraint-missing-not-valid"): "the same",
    ("5a27e8c3f019", "renaming-object"): "no statement of any release names an index",
    ("5a27e8c3f019", "require-concurrent-index-creation"): "of a table that is made right before",
    ("3f8a6d20b9c4", "renaming-object"): "no statement of any release names an index",
    ("3f8a6d20b9c4", "require-concurrent-index-creation"): "of a table that is made right before",
    ("e5b7c31f8a92", "renaming-object"): "no statement of any release names an index",
    ("e5b7c31f8a92", "constraint-missing-not-valid"): "each is validated behind a COMMIT, which is cut out here",
    ("c5d20f8e6b14", "constraint-missing-not-valid"): "validated behind a COMMIT, which is cut out here",
    ("8e4b1c6d92f7", "constraint-missing-not-valid"): "each is validated behind a COMMIT, which is cut out here",
    ("8e4b1c6d92f7", "require-concurrent-index-creation"): "of tables that are made right before",
    ("2c6f90d4e8ab", "constraint-missing-not-valid"): "each is validated behind a COMMIT, which is cut out here",
    ("2c6f90d4e8ab", "renaming-object"): "no statement of any release names an index",
    ("71d8b3e59f0c", "constraint-missing-not-valid"): "validated behind a COMMIT, which is cut out here",
    ("94e1c7a2b5d8", "constraint-missing-not-valid"): "each is validated behind a COMMIT, which is cut out here",
    ("94e1c7a2b5d8", "require-concurrent-index-creation"): "of a table that is made right before",
    ("b7f20d61c9ae", "constraint-missing-not-valid"): "each is validated behind a COMMIT, which is cut out here",
    ("d3a85c7e10f6", "require-concurrent-index-creation"): "of a table that is made right before",
    ("5b1e7d30c6a8", "ban-drop-not-null"): "the release before joins the column, and leaves such rows out",
    ("e6b1f47a20d3", "constraint-missing-not-valid"): "validated behind a COMMIT, which is cut out here",
    ("f19c5d3e7a82", "constraint-missing-not-valid"): "validated behind a COMMIT, which is cut out here",
    ("f19c5d3e7a82", "require-concurrent-index-creation"): "of a table that is made right before",
    ("2b84e6f0c9d1", "constraint-missing-not-valid"): "validated behind a COMMIT, which is cut out here",
    ("5f83c1d06e2a", "constraint-missing-not-valid"): "each is validated behind a COMMIT, which is cut out here",
    ("a4c81e5d09f3", "constraint-missing-not-valid"): "validated behind a COMMIT, which is cut out here",
    ("5f83c1d06e2a", "ban-drop-not-null"): "the release before joins the columns, and leaves such rows out",
}
"""By revision and rule: why it is right here."""
ONE = re.compile(r"^-- Running upgrade \S* -> (\w+)\n(.*?)(?=^-- Running upgrade|\Z)", re.DOTALL | re.MULTILINE)
BRACKETS = re.compile(r"^(BEGIN|COMMIT);\n", re.MULTILINE)
OUTSIDE = "CONCURRENTLY"
"""What no transaction may hold, so that a migration with it has none around."""


@dataclass(frozen=True)
class Finding:
    """What squawk says of one statement."""

    revision: str
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.revision}: {self.rule}: {self.message}"


def main() -> int:
    """Prints what is wrong; the exit status says whether anything is."""
    found = [finding for revision, sql in migrations() for finding in findings(revision, sql)]
    for finding in found:
        print(finding)
    return 1 if found else 0


def migrations() -> Iterator[tuple[str, str]]:
    """Each revision with its SQL, in the order in which they run."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade", "--sql"]
    sql = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for found in ONE.finditer(sql):
        yield found[1], BRACKETS.sub("", found[2])


def findings(revision: str, sql: str) -> list[Finding]:
    """What squawk finds in this migration, but for what landed with it."""
    inside = [] if OUTSIDE in sql else ["--assume-in-transaction"]
    command = [
        str(BIN / "squawk"), "--reporter", "json", "--pg-version", "18", *inside,
        "--exclude", ",".join(NOT_OURS), "--stdin-filepath", f"{revision}.sql",
    ]  # fmt: skip
    done = subprocess.run(command, input=sql, capture_output=True, text=True, check=False)
    found = [Finding(revision, one["rule_name"], one["message"]) for one in json.loads(done.stdout or "[]")]
    allowed = LANDED_WITH if revision in LANDED else frozenset()
    return [one for one in found if one.rule not in allowed and (revision, one.rule) not in ALLOWED]


if __name__ == "__main__":
    sys.exit(main())
