"""How long recordings are kept, and who decided so."""
