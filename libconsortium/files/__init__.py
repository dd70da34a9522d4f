"""The forms of files: TOML, tables, games, tariffs, payments, records. No store and no plugin."""
