"""The bureaux that send signals, each in its own habits, and the sources file that maps them onto the contracts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from etl.demo.cases import COLUMNS, OUTCOME_WORDS, SOURCE, TYPE_WORDS
from etl.demo.tables import table
from etl.demo.texts import KINDS

WORDS = {
    "penalty": "行政处罚",
    "judgment": "民事判决",
    "abnormal_listing": "列入异常名录",
    "dishonest_debtor": "失信被执行",
    "licence_lapsed": "许可失效",
    "address_mismatch": "住所不符",
    "representative_change": "法人变更",
    "promised_yield": "承诺收益",
    "capital_guarantee": "保本承诺",
    "gift": "赠送礼品",
    "referral_reward": "推荐奖励",
    "complaint": "消费投诉",
    "petition": "群众信访",
    "police_report": "报警求助",
    "payment_overdue": "到期未兑付",
    "confirmed_tip": "举报属实",
    "advert": "违规广告",
    "offline_event": "线下活动",
    "recruiting": "招揽人员",
    "app_post": "应用推送",
    "social_post": "社交传播",
    "elderly_venue": "老年人聚集",
    "keyword_hit": "特征词命中",
}
"""What offices call the kinds of signals."""


@dataclass(frozen=True)
class Bureau:
    """How one bureau writes its file."""

    name: str
    origin: str
    columns: dict[str, str]  # contract column → the bureau's own, in the file's order
    file: str = "csv"  # csv, parquet or xlsx
    encoding: str = "utf-8"
    delimiter: str = ","
    date_form: str = "%Y-%m-%d"
    unit: str = "元"
    prefix: str = ""  # of its case numbers
    named_only: float = 0.0  # share of rows that name the enterprise but give no code
    unregistered: float = 0.0  # share of rows about platforms that no register knows
    own_words: bool = True  # whether kinds are written in Chinese, as in WORDS

    def word(self, kind: str) -> str:
        """Return what the bureau calls a kind of signal."""
        return WORDS[kind] if self.own_words else kind


@cache
def bureaux() -> tuple[Bureau, ...]:
    """Return the bureaux in the order of the file; each column is written there contract=own."""
    entries = table("bureaux")["bureau"]
    return tuple(
        Bureau(**{**entry, "columns": dict(pair.split("=") for pair in entry["columns"])}) for entry in entries
    )


def sources_toml() -> str:
    """Return the sources file that maps everything the demo writes; the truth is not in it."""
    entries = [
        _entry("national_register", "enterprises", "landing/national_register/*.parquet"),
        _entry("relations_register", "relations", "landing/relations_register/*.parquet"),
        _entry("relations_web", "relations", "landing/relations_web/*.csv"),
    ]
    entries += [_cases(), *(_bureau(bureau) for bureau in bureaux())]
    return (
        "# Landing files of an invented demo, as their bureaux would send them. Made by `python -m etl demo`.\n"
        + "".join(entries)
    )


def kinds_of(origin: str) -> list[str]:
    """Return the kinds of signals that an origin may report."""
    return [kind for kind in KINDS if origin in table("signals")["origin"][kind]]


def _entry(name: str, contract: str, files: str) -> str:
    """Return the lines that every source has."""
    return f'\n[[source]]\nname = "{name}"\ncontract = "{contract}"\nfiles = "{files}"\n'


def _cases() -> str:
    """Return the entry of the office that reports cases."""
    text = _entry(SOURCE, "outcomes", f"landing/{SOURCE}/*.csv") + 'encoding = "gb18030"\ndelimiter = ","\n'
    text += _lines("columns", COLUMNS) + _lines("units", {"amount": "万元"})
    for column, words in (("risk_type", TYPE_WORDS), ("outcome", OUTCOME_WORDS)):
        text += _lines(f"values.{column}", {own: word for word, own in words.items()})
    return text


def _bureau(bureau: Bureau) -> str:
    """Return one bureau's entry."""
    text = _entry(bureau.name, "signals", f"landing/{bureau.name}/*.{bureau.file}")
    if bureau.file == "csv":
        text += f'encoding = "{bureau.encoding.removesuffix("-sig")}"\n'
        text += f'delimiter = "{bureau.delimiter}"\n'.replace("\t", "\\t")
    mapped = {column: own for column, own in bureau.columns.items() if column != own}
    text += _lines("columns", mapped) + _lines("constants", {"origin": bureau.origin})
    if bureau.unit != "元":
        text += _lines("units", {"amount": bureau.unit})
    words = {bureau.word(kind): kind for kind in kinds_of(bureau.origin)}
    return text + _lines("values.kind", words if bureau.own_words else {})


def _lines(section: str, pairs: dict[str, str]) -> str:
    """Return a TOML table of the source, nothing if it is empty."""
    rows = "".join(f'"{key}" = "{value}"\n' for key, value in pairs.items())
    return f"\n[source.{section}]\n{rows}" if pairs else ""
