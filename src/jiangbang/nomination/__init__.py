"""Units, packets, dossiers, evidence; intake by web, archive and command line."""
