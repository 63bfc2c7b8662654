"""What the texts ask of the knowledge base: complete entries, checked, kept up to date."""
