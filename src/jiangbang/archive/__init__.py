"""The archive of an edition: everything that was decided, as one package that is checked without this program."""
