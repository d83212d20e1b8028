"""Small programs that stand for how it is done elsewhere, to be measured in the same run."""
