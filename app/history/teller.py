"""Lines about agents, told to one of them: the reader is "you", everybody else has a name."""

from dataclasses import dataclass
from uuid import UUID

from app.core.language import gettext as _


@dataclass(frozen=True)
class Line:
    """What somebody did: `you` to whom it was, `they` to others, with `%(who)s`. Marked words of the catalogue."""

    you: str
    they: str

    @classmethod
    def alike(cls, words: str) -> "Line":
        """Of somebody else's doing: it reads the same to everybody."""
        return cls(words, words)


@dataclass(frozen=True)
class Teller:
    """`reader`: the agent who reads it; None for the desk."""

    reader: UUID | None = None

    def is_reader(self, agent_id: UUID | None) -> bool:
        """Whether this agent is told of themselves."""
        return agent_id is not None and agent_id == self.reader

    def tell(self, line: Line, agent_id: UUID | None, name: str, **names: object) -> str:
        """This line about that agent."""
        return _(line.you, **names) if self.is_reader(agent_id) else _(line.they, who=name, **names)


DESK = Teller()
