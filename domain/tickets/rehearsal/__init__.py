"""A scenario in, its outcome out: the rules tried out without a database."""
