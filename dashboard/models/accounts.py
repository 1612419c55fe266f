"""Who may sign in: desk accounts, their sign-ins and attempts, and the tokens of walls."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import Base, Instant


class UserAccount(Base):
    """Grain: one person who may sign in at a desk. Never deleted, because the audit log names them: disabled."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(80))  # as the administrator typed it
    username_key: Mapped[str] = mapped_column(String(200), unique=True)  # folded: what two spellings share
    name: Mapped[str] = mapped_column(String(80))
    unit: Mapped[str] = mapped_column(String(120), default="")
    home_region: Mapped[str] = mapped_column(String(12))
    roles: Mapped[list[str]] = mapped_column(JSON)  # of dashboard.access.permissions.Role
    locale: Mapped[str | None] = mapped_column(String(10))  # None: the installation's
    password_hash: Mapped[str] = mapped_column(String(200))  # argon2id, PHC string
    version: Mapped[int] = mapped_column(default=1)  # compare-and-set
    created_at: Mapped[datetime] = mapped_column(Instant)
    password_changed_at: Mapped[datetime] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)


class SignIn(Base):
    """Grain: one browser signed in by one person. Ended rows are refused, so a copied cookie dies with the sign-out."""

    __tablename__ = "sign_in"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 of the key in the cookie
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    address: Mapped[str] = mapped_column(String(45))
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class SignInAttempt(Base):
    """Grain: one attempt to sign in. Usernames are kept as a hash: people type passwords into the wrong field."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    account: Mapped[str] = mapped_column(String(64))  # SHA-256 of the folded username
    address: Mapped[str] = mapped_column(String(45))
    succeeded: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        Index("ix_sign_in_attempt_account", "account", "at"),
        Index("ix_sign_in_attempt_address", "address", "at"),
    )


class WallToken(Base):
    """Grain: one address that signs a wall's browser in, read-only, for one region."""

    __tablename__ = "wall_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256 of 256 random bits
    label: Mapped[str] = mapped_column(String(80))  # where the wall hangs
    region: Mapped[str] = mapped_column(String(12))
    issued_at: Mapped[datetime] = mapped_column(Instant)
    issued_by: Mapped[str] = mapped_column(String(40))
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    last_seen_at: Mapped[datetime | None] = mapped_column(Instant)
