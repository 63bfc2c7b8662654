"""Written Chinese: numbers in figures, private words masked. Pure."""
