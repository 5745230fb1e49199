"""引据: answers that show where they come from. Knows nothing of HTTP; `pipeline` is the file to read first."""

__version__ = "0.1.0"
