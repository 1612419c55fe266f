"""The bureaux that send signals, each in its own habits, and the sources file that maps them onto the contracts."""

from __future__ import annotations

from dataclasses import dataclass, field

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
    words: dict[str, str] = field(default_factory=lambda: WORDS)


def _columns(*own: str) -> dict[str, str]:
    """Return contract column → own name; each of `own` is written contract=own."""
    return dict(pair.split("=") for pair in own)


BUREAUX = (
    Bureau(
        "hotline_12345",
        "hotline_12345",
        _columns("signal_id=工单编号", "name=被反映单位", "uscc=统一社会信用代码", "region_code=区划代码", "kind=诉求类型",
                 "occurred_on=发生日期", "reported_on=受理日期", "severity=紧急程度", "amount=涉及金额", "text=诉求内容"),
        encoding="utf-8-sig",
        prefix="GD",
        named_only=0.15,
    ),
    Bureau(
        "hotline_110",
        "hotline_110",
        _columns("signal_id=警情编号", "uscc=信用代码", "name=涉及单位", "region_code=辖区代码", "kind=警情类别",
                 "occurred_on=发生时间", "reported_on=接警时间", "severity=等级", "amount=涉案金额", "text=简要警情"),
        delimiter="|",
        date_form="%Y%m%d",
        prefix="JQ",
    ),
    Bureau(
        "petition_office",
        "petition_office",
        _columns("signal_id=信访件号", "name=反映对象", "uscc=代码", "address=问题属地", "kind=事项", "occurred_on=问题发生",
                 "reported_on=登记日期", "severity=程度", "amount=金额", "text=概况"),
        date_form="%Y年%m月%d日",
        prefix="XF",
        named_only=0.4,
    ),
    Bureau(
        "market_regulator",
        "market_regulator",
        _columns("signal_id=文号", "name=当事人", "uscc=统一社会信用代码", "kind=案由", "occurred_on=违法日期",
                 "reported_on=录入日期", "severity=情节", "amount=罚没金额（万元）", "text=摘要"),
        encoding="gb18030",
        unit="万元",
        prefix="SJ",
    ),
    Bureau(
        "court",
        "court",
        _columns("signal_id=案号", "name=被告名称", "uscc=组织代码", "kind=案件类型", "occurred_on=立案日期",
                 "reported_on=公开日期", "severity=权重", "amount=标的额（元）", "text=裁判摘要"),
        file="xlsx",
        prefix="AH",
    ),
    Bureau(
        "web_monitoring",
        "web_monitoring",
        _columns("signal_id=signal_id", "uscc=uscc", "name=name", "kind=kind", "occurred_on=occurred_on",
                 "reported_on=reported_on", "severity=severity", "text=text", "url=url"),
        file="parquet",
        prefix="W",
        words={},
    ),
    Bureau(
        "app_monitoring",
        "app_monitoring",
        _columns("signal_id=post_id", "uscc=company_code", "name=company", "kind=event", "occurred_on=posted",
                 "reported_on=captured", "severity=score", "text=content", "url=link"),
        file="parquet",
        prefix="A",
        words={},
    ),
    Bureau(
        "field_inspection",
        "field_inspection",
        _columns("signal_id=检查单号", "uscc=统一社会信用代码", "name=企业名称", "region_code=网格所在区划", "kind=发现问题",
                 "occurred_on=检查日期", "reported_on=上报日期", "severity=评分", "text=现场情况"),
        delimiter=";",
        prefix="XC",
    ),
    Bureau(
        "bank_report",
        "bank_report",
        _columns("signal_id=报告编号", "uscc=客户代码", "name=客户名称", "kind=异常类型", "occurred_on=交易日期",
                 "reported_on=报告日期", "severity=评级", "amount=金额（元）", "text=说明"),
        delimiter="\t",
        prefix="YH",
    ),
    Bureau(
        "citizen_tip",
        "citizen_tip",
        _columns("signal_id=举报编号", "name=被举报单位", "uscc=信用代码", "address=所在地", "kind=举报类型",
                 "occurred_on=发现日期", "reported_on=提交日期", "severity=研判分", "amount=涉及金额", "text=举报内容"),
        prefix="JB",
        named_only=0.45,
        unregistered=0.04,
    ),
    Bureau(
        "licence_authority",
        "other",
        _columns("signal_id=序号", "uscc=统一社会信用代码", "name=持证单位", "kind=变动类型", "occurred_on=变动日期",
                 "reported_on=推送日期", "severity=影响", "amount=罚款（万元）", "text=备注"),
        encoding="gb18030",
        unit="万元",
        prefix="XK",
    ),
)  # fmt: skip


def sources_toml() -> str:
    """Return the sources file that maps everything the demo writes; the truth is not in it."""
    entries = [
        _entry("national_register", "enterprises", "landing/national_register/*.parquet"),
        _entry("relations_register", "relations", "landing/relations_register/*.parquet"),
        _entry("relations_web", "relations", "landing/relations_web/*.csv"),
    ]
    entries += [_bureau(bureau) for bureau in BUREAUX]
    head = "# Landing files of an invented country-wide demo, as their bureaux would send them. Made by `python -m etl demo`.\n"
    return head + "".join(entries)


def kinds_of(origin: str) -> list[str]:
    """Return the kinds of signals that an origin may report."""
    return [kind for kind in KINDS if origin in table("signals")["origin"][kind]]


def _entry(name: str, contract: str, files: str) -> str:
    """Return the lines that every source has."""
    return f'\n[[source]]\nname = "{name}"\ncontract = "{contract}"\nfiles = "{files}"\n'


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
    words = {bureau.words[kind]: kind for kind in kinds_of(bureau.origin) if kind in bureau.words}
    return text + _lines("values.kind", words)


def _lines(section: str, pairs: dict[str, str]) -> str:
    """Return a TOML table of the source, nothing if it is empty."""
    rows = "".join(f'"{key}" = "{value}"\n' for key, value in pairs.items())
    return f"\n[source.{section}]\n{rows}" if pairs else ""
