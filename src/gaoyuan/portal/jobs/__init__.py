"""Work that takes longer than a page may: run behind it, watched and stopped from it."""
