"""Passwords: argon2id (RFC 9106), checked in the same time whether the account exists or not."""

from __future__ import annotations

import hashlib
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from dashboard.errors import Invalid

SHORTEST = 12
LONGEST = 200  # characters; nobody types more, and hashing megabytes is a way to stall a server
USERNAME_LONGEST = 80

STRENGTH = RFC_9106_LOW_MEMORY  # the RFC's second recommended option: 64 MiB, three passes
_hasher = PasswordHasher.from_parameters(STRENGTH)


def fold_username(username: str) -> str:
    """Return what two spellings of one username share: compatibility-normalised, case-folded, without outer blanks."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", username).casefold())
    return folded.strip()


def account_key(username: str) -> str:
    """Return the hash under which attempts of this username are counted."""
    return hashlib.sha256(fold_username(username).encode("utf-8", "surrogatepass")).hexdigest()


def hash_password(password: str) -> str:
    """Return the PHC string of `password`, salt and parameters included."""
    return _hasher.hash(_normal(password))


def require_strong(password: str, username: str) -> None:
    """Raise Invalid when the password is too short, too long or made of the username."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(f"a password has {SHORTEST} to {LONGEST} characters")
    if fold_username(username) in fold_username(password) or len(set(password)) < 5:  # noqa: PLR2004 - "aaaaaaaaaaaa"
        raise Invalid("this password is too easy to guess")


def matches(password_hash: str | None, password: str) -> bool:
    """Return whether `password` is the one that was hashed; without a hash, work as long and return False."""
    try:
        _hasher.verify(password_hash or _nobody(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Return whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def _normal(password: str) -> bytes:
    """Encode so that every keyboard's way of writing the same characters agrees."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


@cache
def _nobody() -> str:
    """Return a hash that no known password has, of the same cost as everybody's."""
    return _hasher.hash(hashlib.sha256(b"nobody").digest())
