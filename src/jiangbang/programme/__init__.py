"""Programme and edition: loaded from TOML, kept as data."""
