"""From one edition to the next: its rules copied with the differences shown, its results known, its people carried over."""
