"""From passages to a cited answer, or an honest no. Knows nothing of HTTP."""
