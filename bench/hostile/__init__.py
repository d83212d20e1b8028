"""Hostile input: papers and mails changed at random, read by the house as it reads any, and every reader fed with what nobody would send.

`script/hostile` says what it counts; `docs/security.md` quotes it.
"""
