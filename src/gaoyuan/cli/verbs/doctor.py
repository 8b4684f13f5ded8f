"""`gaoyuan doctor`: what is installed and what is missing."""

from __future__ import annotations

from gaoyuan.cli.options import AsJson, Quiet


def doctor(quiet: Quiet = False, as_json: AsJson = False) -> None:
    """检查环境 Versions, engines, extras and data editions; what is missing, with the command that mends it."""
    from gaoyuan.cli.checkup import checkup
    from gaoyuan.cli.console import print_json, print_table

    findings = checkup()
    if as_json:
        print_json({"sound": all(found.sound or not found.needed for found in findings), "findings": findings})
    else:
        shown = [found for found in findings if not quiet or not found.sound]
        marks = {(True, True): "✓", (True, False): "✓", (False, True): "✗", (False, False): "–"}
        rows = [[marks[found.sound, found.needed], found.part, found.name, found.state, found.mend] for found in shown]
        if rows:
            print_table(["", "部分 part", "名称 name", "状态 state", "改法 mend"], rows)
    if any(found.needed and not found.sound for found in findings):
        import typer

        raise typer.Exit(5)
