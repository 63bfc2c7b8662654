"""The knowledge base: what the texts ask of its entries, and offline search in them."""
