"""What may be wrong with an installation: each finding with what was found, why it matters, and the line that mends it."""
