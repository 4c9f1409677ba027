"""The consent register and its gate."""
