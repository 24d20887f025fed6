"""Approvals: who has to agree to a step, what they said, and what it came to."""
