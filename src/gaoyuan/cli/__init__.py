"""The command line: one file a verb, parsing and printing only."""

from __future__ import annotations


def main() -> None:
    """Run the command line; the entry point of the program `gaoyuan`."""
    import sys

    from gaoyuan.cli.app import run

    sys.exit(run())
