"""Running an installation: set-up, assets, health, serving. Set-up itself needs only the standard library."""
