"""Pages that combine features: home, the case page, search."""
