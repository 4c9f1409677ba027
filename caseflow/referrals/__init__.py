"""Life cycle, disclosure, letter."""
