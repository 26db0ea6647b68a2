"""Every template is used: one that nothing leads to any more is deleted with what led there."""

from pathlib import Path

from jinja2 import Environment, meta

from app.claims.phases import Phase
from app.inbound.client_calls import Step
from app.notifications.kinds import KINDS
from app.notifications.wording.compose import DIGEST, FOLDERS
from deploy.processes import ROOT

TEMPLATES = ROOT / "templates"
JINJA = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
CODE = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "app").rglob("*.py"))


def by_name(template: str) -> bool:
    """Whether code names it in full, or by its last part where that is worked out."""
    folder, _slash, file = template.rpartition("/")
    stem = file.partition(".")[0]
    return (
        f'"{template}"' in CODE
        or (folder == "web/phases" and stem in set(Phase))
        or (folder in FOLDERS.values() and stem in {*KINDS.by_name, DIGEST})
        or (folder == "voice" and (f'"{stem}"' in CODE or stem in {f"client_calls_{step}" for step in Step}))
        or (folder == "voice/admin" and f'"admin/{stem}"' in CODE)
        or (folder == "sms" and f'"{stem.removeprefix("reply_")}"' in CODE)
    )


def leads_to(template: str) -> set[str]:
    """The templates that this one extends, imports or includes by name."""
    source = (TEMPLATES / template).read_text(encoding="utf-8")
    return {name for name in meta.find_referenced_templates(JINJA.parse(source)) if name}


def test_every_template_is_used() -> None:
    every = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file()}
    used: set[str] = set()
    found = {template for template in every if by_name(template)}
    while found:
        used |= found
        found = {name for template in found for name in leads_to(template)} - used
    assert sorted(every - used) == []


def test_none_is_read_that_is_not_there() -> None:
    for path in TEMPLATES.rglob("*.*"):
        for name in leads_to(str(path.relative_to(TEMPLATES))):
            assert Path(TEMPLATES / name).exists(), (path, name)
