"""A sample of people at the services: firms, offices and a cluster company that trade, pool, book, ship and solve."""

from gaoyuan.portal.demonstration.playing import (
    PASSWORD,
    Player,
    StoryBroken,
    play,
    read_story,
    require_no_organisations,
)
from gaoyuan.portal.demonstration.showing import Shown, shown

__all__ = ["PASSWORD", "Player", "Shown", "StoryBroken", "play", "read_story", "require_no_organisations", "shown"]
