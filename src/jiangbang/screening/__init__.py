"""Screening: every clause decided by its facts, confirmed or ruled otherwise by people, and the answer that follows."""
