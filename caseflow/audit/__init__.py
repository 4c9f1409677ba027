"""The auditor's workspace."""
