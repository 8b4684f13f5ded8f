"""Where a contest stands: what its record says so far."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from gaoyuan.assess.contest.bodies import Body
from gaoyuan.assess.contest.definition import Deadline, Definition, RoundName, Title
from gaoyuan.assess.contest.faults import ActRefused

if TYPE_CHECKING:
    from gaoyuan.assess.contest.scoring import PanelScores

__all__ = [
    "ROUNDS",
    "STAGES",
    "Appeal",
    "ContestState",
    "Decision",
    "Entrant",
    "Judge",
    "Scores",
    "Stage",
    "same_name",
]

Stage: TypeAlias = Literal[
    "draft",
    "entries",
    "entries_closed",
    "group_scoring",
    "group_opened",
    "final_scoring",
    "final_opened",
    "provisional",
    "appeals",
    "final",
]
STAGES: tuple[Stage, ...] = get_args(Stage)
"""The states of a contest, in order; none is skipped and none comes again."""
ROUNDS: tuple[RoundName, ...] = get_args(RoundName)

Scores: TypeAlias = dict[str, dict[str, str]]
"""A judge's sheet: entrant -> criterion -> points, a decimal string."""


def same_name(name: str) -> str:
    """Give the form in which names of organisations and counties are compared: width, case and spaces do not matter.

    >>> same_name("ＡＢ 产业促进中心") == same_name("ab产业促进中心")
    True
    """
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


@dataclass(slots=True)
class Entrant:
    """A cluster that takes part: with the organisations that stand behind it and the counties it lies in."""

    id: str
    name: str
    group: str
    organisations: tuple[str, ...]
    counties: tuple[str, ...]
    withdrawn: bool = False
    disqualified: str | None = None

    @property
    def takes_part(self) -> bool:
        """Whether it is still in the contest."""
        return not self.withdrawn and self.disqualified is None


@dataclass(frozen=True, slots=True)
class Judge:
    """A judge (评委): for which groups and finals, own organisation and counties, and the interests declared.

    `only` limits the judge to these entrants of the groups, where it is not empty.
    """

    id: str
    name: str
    organisations: tuple[str, ...]
    counties: tuple[str, ...]
    groups: tuple[str, ...]
    finals: tuple[str, ...]
    only: tuple[str, ...]
    conflict_entrants: tuple[str, ...]
    conflict_organisations: tuple[str, ...]
    conflict_counties: tuple[str, ...]


@dataclass(slots=True)
class Appeal:
    """An appeal (申诉, 异议): against what, why, and how it was decided."""

    id: str
    entrant: str
    round: RoundName
    reason: str
    at: dt.datetime
    upheld: bool | None = None
    decision: str = ""
    corrections: tuple[Body, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of the organiser on a matter that the rules leave open, between these entrants, with its reason."""

    matter: str
    between: tuple[str, ...]
    chosen: tuple[str, ...]
    reason: str
    number: int


@dataclass(slots=True)
class ContestState:
    """Everything that the record says; made by `replay`, changed by nothing else."""

    definition: Definition
    head: str
    events: int
    at: dt.datetime
    deadlines: dict[Deadline, dt.datetime]
    rehearsal: bool = False
    """Whether it is a rehearsal (演练), whose acts named their own moments."""
    stage: Stage = "draft"
    entrants: dict[str, Entrant] = field(default_factory=dict)
    judges: dict[str, Judge] = field(default_factory=dict)
    declared: dict[tuple[str, str], str] = field(default_factory=dict)
    """Conflicts declared after registration: (judge, entrant) -> reason."""
    commitments: dict[RoundName, dict[str, str]] = field(default_factory=lambda: {"group": {}, "final": {}})
    sheets: dict[RoundName, dict[str, Scores]] = field(default_factory=lambda: {"group": {}, "final": {}})
    set_aside: dict[RoundName, dict[str, str]] = field(default_factory=lambda: {"group": {}, "final": {}})
    """Judges whose sheet of a round does not count, with the reason."""
    void: dict[tuple[RoundName, str, str], str] = field(default_factory=dict)
    """Scores that an upheld appeal took away: (round, judge, entrant) -> appeal."""
    replaced: dict[tuple[RoundName, str, str], dict[str, str]] = field(default_factory=dict)
    finalists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    appeals: dict[str, Appeal] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)
    scored: dict[tuple[RoundName, str], PanelScores] = field(default_factory=dict, repr=False, compare=False)
    """Scores computed since the last event, by round and group or track."""

    @property
    def id(self) -> str:
        """The contest's id; a rehearsal has another one, so that its forms and sealed sheets fit no contest."""
        return f"rehearsal:{self.definition.id}" if self.rehearsal else self.definition.id

    @property
    def title(self) -> Title:
        """The contest's name, which says so where it is a rehearsal."""
        title = self.definition.title
        return Title(f"【演练】{title.zh}", f"[rehearsal] {title.en}") if self.rehearsal else title

    @property
    def scoring_round(self) -> RoundName | None:
        """The round whose sheets are being given, if one is."""
        if self.stage == "group_scoring":
            return "group"
        return "final" if self.stage == "final_scoring" else None

    def opened(self, round_name: RoundName) -> bool:
        """Whether the scores of a round are known."""
        first: Stage = "group_opened" if round_name == "group" else "final_opened"
        return STAGES.index(self.stage) >= STAGES.index(first)

    def entrant(self, name: str) -> Entrant:
        """Give an entrant; raises ActRefused where there is none of that id."""
        if name not in self.entrants:
            raise ActRefused(f"没有此参赛单位 there is no entrant {name!r}", mend="见 See `gaoyuan contest show`.")
        return self.entrants[name]

    def judge(self, name: str) -> Judge:
        """Give a judge; raises ActRefused where there is none of that id."""
        if name not in self.judges:
            raise ActRefused(f"没有此评委 there is no judge {name!r}", mend="见 See `gaoyuan contest show`.")
        return self.judges[name]

    def decided(self, matter: str, between: tuple[str, ...]) -> Decision | None:
        """Give the last decision on a matter between exactly these entrants, if there is one."""
        for decision in reversed(self.decisions):
            if decision.matter == matter and decision.between == between:
                return decision
        return None

    def units(self, round_name: RoundName) -> Iterator[str]:
        """Give the ids of what is ranked by itself in a round: groups, or tracks in the final."""
        for track in self.definition.tracks:
            if round_name == "final":
                yield track.id
            else:
                yield from (group.id for group in track.groups)
