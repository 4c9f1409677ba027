"""The case, the person, screening, notes, documents, life cycle."""
