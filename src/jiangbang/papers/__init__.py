"""Official papers in and out: forms, rosters, packets. No Django; foreign bytes only in a child process."""
