"""One frozen Settings, read from the environment (prefix SMOKE_); every field is documented in docs/operations.md."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

HOUSE = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What may differ between two installations; nothing else reads the environment."""

    model_config = SettingsConfigDict(env_prefix="SMOKE_", frozen=True, extra="ignore")

    environment: Literal["development", "demo", "production"] = Field(
        "development", description="Which safety rules apply; production refuses to start without a secret of its own."
    )
    secret_key: SecretStr | None = Field(
        None, description="Signs sessions and CSRF tokens; 32 characters or more. Required in production."
    )
    var_dir: Path = Field(
        HOUSE / "var", description="Where all state lives: database, generations, quarantine, caches."
    )
    database_url: str = Field("", description="SQLAlchemy URL; empty means an SQLite file in the state folder.")
    home_region: str = Field(
        "0", pattern=r"^(0|\d{2}|\d{4}|\d{6})$", description="Region code of the jurisdiction that this system serves."
    )
    title: str = Field("冒烟指数", description="The product's name as shown; the words may be another's trademark.")
    locale: Literal["zh_CN", "en"] = Field("zh_CN", description="Language of a visitor who has not chosen one.")
    timezone: str = Field("Asia/Shanghai", description="IANA zone in which dates are counted and clocks are drawn.")
    sources_file: Path | None = Field(
        None, description="Which landing files to read; empty means sources.toml in the state folder."
    )
    model_file: Path = Field(
        HOUSE / "etl/index/models/2026.2.toml", description="The versioned model: weights, half-lives, thresholds."
    )
    generations_kept: int = Field(3, ge=2, le=100, description="How many published generations stay readable.")
    history_weeks: int = Field(60, ge=2, le=260, description="How many weeks back each generation's series reach.")
    refresh_cron: str = Field(
        "0 6 * * *", description="When the scheduler runs the ETL, as a crontab line in local time."
    )
    cache: Literal["files", "memory"] = Field(
        "files", description="Where query results are kept: files that all web workers share, or each one's memory."
    )
    lease_seconds: int = Field(
        30, ge=1, le=3600, description="How long a silent scheduler still leads before another takes over."
    )
    clock_seconds: int = Field(30, ge=2, le=3600, description="How often a page asks whether anything moved.")
    stale_hours: int = Field(36, ge=1, description="Age of the data from which screens call it stale.")
    session_minutes: int = Field(480, ge=5, description="How long a desk sign-in lasts without use.")
    secure_cookies: bool | None = Field(
        None, description="Send cookies over HTTPS only; empty means yes in production, no elsewhere."
    )
    trusted_proxies: int = Field(
        0, ge=0, le=5, description="How many reverse proxies stand in front and set X-Forwarded-*."
    )
    etl_threads: int = Field(2, ge=1, description="Threads of the crunching engine.")
    etl_memory_gb: float = Field(
        8, gt=0, description="Memory the crunching engine may take, in GiB, before it spills to disk."
    )

    attachment_mb: int = Field(20, ge=1, le=200, description="The largest file that may be attached to a case, in MB.")
    scan_command: str = Field(
        "", description="Virus scanner for attached files, run with the file's path as its last argument; empty: none."
    )

    @model_validator(mode="after")
    def _production_needs_a_secret(self) -> Self:
        given = self.secret_key.get_secret_value() if self.secret_key else ""
        if given and len(given) < 32:  # noqa: PLR2004 - the bound that the field's own description states
            raise ValueError("SMOKE_SECRET_KEY must have 32 characters or more")
        if self.environment == "production" and not given:
            raise ValueError("SMOKE_SECRET_KEY must be set in production")
        return self

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{self.var_dir / 'smoke.db'}"

    @property
    def sources(self) -> Path:
        """The sources file in force."""
        return self.sources_file or self.var_dir / "sources.toml"

    @property
    def cookies_are_secure(self) -> bool:
        """Whether cookies are sent over HTTPS only."""
        return self.environment == "production" if self.secure_cookies is None else self.secure_cookies

    def secret(self) -> str:
        """Return the signing secret; outside production one is made once and kept, readable by its owner only."""
        if self.secret_key:
            return self.secret_key.get_secret_value()
        kept = self.var_dir / "secret_key"
        if not kept.exists():
            self.var_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            kept.touch(mode=0o600)
            kept.write_text(secrets.token_urlsafe(48), encoding="ascii")
        return kept.read_text(encoding="ascii")
