"""The sources file: where each contract's rows come from, and how a bureau's columns become the contract's."""

from __future__ import annotations

import tomllib
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from dashboard.errors import Invalid
from etl.contracts import CONTRACTS

if TYPE_CHECKING:
    from pathlib import Path


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


class Source(BaseModel):
    """One source, as docs/data-contracts.md describes it; frozen."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    name: str = Field(pattern=r"^[a-z0-9_-]{1,60}$")
    contract: Literal["enterprises", "signals", "relations", "outcomes", "rates"]
    files: Annotated[tuple[str, ...], BeforeValidator(_as_list)] = ()
    url: str = ""
    query: str = ""
    format: Literal["csv", "parquet", "xlsx"] | None = None
    encoding: Literal["auto", "utf-8", "gb18030", "utf-16"] = "auto"
    delimiter: Literal["auto", ",", ";", "|", "\t"] = "auto"
    sheet: str = ""
    empty: tuple[str, ...] = ()
    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    defaults: dict[str, str] = {}
    units: dict[str, str] = {}
    dates: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    currencies: dict[str, float] = {}

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if bool(self.files) == bool(self.url) or bool(self.url) != bool(self.query):
            raise ValueError("give either files, or url and query")
        known = {column.name: column.kind for column in CONTRACTS[self.contract].columns}
        for table in ("columns", "constants", "defaults", "units", "dates", "values"):
            for column in getattr(self, table):
                if column not in known:
                    raise ValueError(f"{table}: the contract {self.contract} has no column {column!r}")
        both = self.columns.keys() & self.constants.keys()
        if both:
            raise ValueError(f"constants: {min(both)!r} is in columns too")
        for table, kinds in (("units", {"money", "number"}), ("dates", {"date"})):
            for column in getattr(self, table):
                if known[column] not in kinds:
                    raise ValueError(f"{table}: {column!r} is a {known[column]}")
        self._speaks_the_contract()
        return self

    def _speaks_the_contract(self) -> None:
        """Raise ValueError for a word that no row could be staged with, and for a word that never matches."""
        for column in CONTRACTS[self.contract].columns:
            words = self.values.get(column.name, {})
            if "" in words:
                raise ValueError(f"values.{column.name}: an empty cell takes its word from defaults")
            given = [*words.values(), self.constants.get(column.name), self.defaults.get(column.name)]
            unknown = [word for word in given if word and column.kind == "word" and word not in column.vocabulary]
            if unknown:
                raise ValueError(f"{column.name}: the contract has no word {unknown[0]!r}")


def load_sources(path: Path) -> tuple[Source, ...]:
    """Read the sources file; raises `Invalid` with one line that says what is wrong and where."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Invalid(f"{path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"{path}: not valid TOML ({error})") from error
    unknown = content.keys() - {"source"}
    if unknown:
        raise Invalid(f"{path}: unknown key {min(unknown)!r}; only [[source]] is known")
    entries = content.get("source", [])
    if not isinstance(entries, list) or not entries:
        raise Invalid(f"{path}: holds no [[source]]")
    sources = tuple(_source(path, position, entry) for position, entry in enumerate(entries, start=1))
    twice = [name for name, count in Counter(source.name for source in sources).items() if count > 1]
    if twice:
        raise Invalid(f"{path}: two sources are named {twice[0]!r}")
    return sources


def _source(path: Path, position: int, entry: object) -> Source:
    try:
        return Source.model_validate(entry)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        name = entry.get("name") if isinstance(entry, dict) else None
        label = f"source {name!r}" if isinstance(name, str) else f"source number {position}"
        message = first["msg"].removeprefix("Value error, ")
        raise Invalid(f"{path}: {label}: {f'{where}: ' if where else ''}{message}") from error
