"""Names that are data: what a jurisdiction calls its stages and steps, in both languages."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Name(BaseModel):
    """One thing's name in Chinese and English, as the definition that brings it spells it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str = Field(min_length=1, max_length=60)
    en: str = Field(min_length=1, max_length=80)

    def told(self, locale: str) -> str:
        """Return the name in `locale`, one of LOCALES."""
        return self.zh if locale == "zh_CN" else self.en
