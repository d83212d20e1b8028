"""Titles, certificates and plaques, the roll, verification, revocation, benefits, the archive."""
