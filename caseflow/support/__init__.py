"""Support: what is to be done for a person, by whom, by which day."""
