"""The partner directory: services, area, channels, agreements."""
