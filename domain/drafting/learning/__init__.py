"""How the small model of the kinds of request is made: text of our own, and the sums. Pure."""
