"""Posters and screens, stories, channels and coverage."""
