"""The services of the demonstration: `python -m gaoyuan.portal.demonstrating WORKSPACE` has the people of the sample
act on the portal of a workspace, and tells what each service has done for them and how to look at it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import gaoyuan
from gaoyuan.errors import GaoyuanError


def main() -> int:
    """Play the story and print a line for each service; gives 1 where no workspace is, or its portal is in use."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    from gaoyuan.portal.serving.starting import portal_folder, set_up

    try:
        set_up(portal_folder(gaoyuan.open(Path(sys.argv[1]))))
        from gaoyuan.portal.demonstration import PASSWORD, play, read_story, require_no_organisations, shown

        require_no_organisations()
    except GaoyuanError as fault:
        print(fault, file=sys.stderr)
        return 1
    players = play(read_story())
    print("示例业务 the services at work for made-up firms:")
    for one in shown(players):
        print(f"  {one.zh}\n    {one.en}\n    {one.user}  {one.page}")
    print(f"打开工作台后用上列账号登录 sign in with these accounts after: gaoyuan serve {sys.argv[1]}")
    print(f"密码均为 all with the password: {PASSWORD}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
