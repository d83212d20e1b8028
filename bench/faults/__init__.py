"""Faults: whoever acts is killed, the disk is full, the database restarts, the clock jumps. What was acknowledged stays, nothing happens
twice, every invariant holds. `script/faults` says how often it was tried; `docs/security.md` quotes it."""
