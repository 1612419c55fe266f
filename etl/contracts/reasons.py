"""Why a row was kept out: a code for machines, and a sentence for the clerk who has to mend it."""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    """What a screen shows for a reason's code."""

    zh: str
    en: str


REASONS: dict[str, Reason] = {
    "field_count": Reason(
        "这一行的字段数与表头不一致，各列可能已错位",
        "This row has more or fewer fields than the header: its columns have probably shifted.",
    ),
    "broken_quotes": Reason(
        "这一行的双引号没有成对，无法确定字段的边界",
        "The quotation marks in this row do not pair, so nobody can tell where its fields end.",
    ),
    "missing": Reason("必填项为空", "A value that must be given is empty."),
    "unreadable_text": Reason(
        "含有无法识别的字符，文件可能损坏或编码有误",
        "It contains characters that cannot be read: the file is damaged or its encoding is wrong.",
    ),
    "too_long": Reason("文字过长，可能是列错位", "The text is too long for this column: perhaps the columns shifted."),
    "bad_code": Reason(
        "不是18位统一社会信用代码", "This is not a unified social credit code of 18 digits and capital letters."
    ),
    "bad_check_character": Reason(
        "统一社会信用代码的校验位不符，可能有一位抄错",
        "The credit code's last character does not check: one of its characters is probably mistyped.",
    ),
    "bad_form": Reason("格式不符合该列的要求", "The value does not have the form that this column asks for."),
    "bad_date": Reason("看不出是哪一天", "This cannot be read as a date."),
    "impossible_date": Reason("日历上没有这一天", "There is no such day in the calendar."),
    "date_in_future": Reason("日期晚于数据日期", "The date lies after the day to which the data belong."),
    "date_order": Reason("报告日期早于发生日期", "It was reported before it happened: one of the two dates is wrong."),
    "bad_number": Reason("看不出是多少", "This cannot be read as a number or an amount of money."),
    "negative": Reason("不应为负数", "This may not be negative."),
    "out_of_range": Reason("超出合理范围", "The value lies outside the range that is possible for this column."),
    "unknown_word": Reason(
        "不在词汇表内，来源映射需要补充",
        "The word is not in this column's vocabulary: the mapping of the source lacks it.",
    ),
    "duplicate": Reason("与已收录的一行重复", "Another row with the same identity was taken instead of this one."),
}
"""Every code that `quarantine.reason` may hold."""
