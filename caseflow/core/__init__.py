"""Foundation: no feature, no HTTP."""
