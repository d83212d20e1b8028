"""Expert review: pool, draw, recusal, assignment, scoring, ranking."""
