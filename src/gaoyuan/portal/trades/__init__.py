"""Trades that follow from cases of the services; with the consent of both sides they become rows of the workspace."""
