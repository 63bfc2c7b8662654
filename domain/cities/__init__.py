"""The regulations of five cities as data, each value with its article. A city is one TOML file."""
