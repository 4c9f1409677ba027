"""The whole of CaseFlow in a real Chromium."""
