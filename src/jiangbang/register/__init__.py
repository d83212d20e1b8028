"""The append-only register: acts, entries, checkpoints, proofs."""
