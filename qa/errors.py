"""Every error of ours, with a code for programs, a Chinese message, and what to do next.

YinjuError
├── InvalidInput       the caller's argument cannot be used (invalid_field, too_large)
├── NotFound           no such document, passage, job (not_found)
├── Unreadable         a file cannot be read (unreadable_file, empty_file, binary_file, unsupported_format,
│                      file_too_large, type_mismatch, encrypted_file, archive_too_large, needs_ocr, timed_out,
│                      too_complex, protected_file)
├── SettingsInvalid    a setting cannot be used (bad_setting, missing_seeds, empty_seeds, unreadable_seeds,
│                      host_not_loopback, port_in_use)
├── LibraryInUse       another process owns the data folder (library_in_use)
├── LibraryDamaged     the registry itself cannot be opened (library_damaged)
├── LibraryBusy        a change is under way (library_busy)
├── NotReady           the library is still being opened (not_ready)
├── ModelUnavailable   the embedding model cannot be loaded (model_unavailable)
│   └── ModelUnreachable  its endpoint does not answer just now
└── LanguageModelFailed  the language model did not write (language_model_failed)

Knows nothing of HTTP: `web/errors.py` maps codes to statuses.
"""

from __future__ import annotations


class YinjuError(Exception):
    """Something a person can act on. `message` says what happened, `hint` what to do; both Chinese."""

    code = "error"

    def __init__(self, message: str, hint: str = "", code: str | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code or type(self).code
        self.field = field  # a JSON pointer to the argument at fault, such as /top_k

    def __str__(self) -> str:
        return f"{self.message}{'。' if self.hint and not self.message.endswith('。') else ''}{self.hint}"


class InvalidInput(YinjuError):
    code = "invalid_field"


class NotFound(YinjuError):
    code = "not_found"


class Unreadable(YinjuError):
    code = "unreadable_file"


class SettingsInvalid(YinjuError):
    code = "bad_setting"


class LibraryInUse(YinjuError):
    """`address` is where the owner serves, such as http://127.0.0.1:8000, or "" when it does not."""

    code = "library_in_use"

    def __init__(self, message: str, hint: str = "", address: str = "") -> None:
        super().__init__(message, hint)
        self.address = address


class LibraryDamaged(YinjuError):
    code = "library_damaged"


class LibraryBusy(YinjuError):
    code = "library_busy"


class NotReady(YinjuError):
    code = "not_ready"


class ModelUnavailable(YinjuError):
    code = "model_unavailable"


class ModelUnreachable(ModelUnavailable):
    """Asking again later may do."""


class LanguageModelFailed(YinjuError):
    code = "language_model_failed"
