"""Agents, teams, their numbers, and how people and programs prove who they are."""
