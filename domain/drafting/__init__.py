"""From recognised words to a draft ticket, each field with the speech it came from. Pure."""
