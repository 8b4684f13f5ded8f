"""Targets of a plan against today, with the trend's forecast."""
