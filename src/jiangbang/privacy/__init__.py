"""Personal data by law: erasing, handing over and correcting what is kept of a person, how long it is kept, and who looked at it."""
