"""The leading group decides: meetings, ballots, resolutions, the reserve list."""
