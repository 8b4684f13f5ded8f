"""`python -m gaoyuan.cli` is the program `gaoyuan`."""

from gaoyuan.cli import main

main()
