"""The division tables: one frame from nation to town, one for villages, and how a name is shortened."""

import re

import pandas as pd

from geo import codes
from geo.making.reconcile import provinces_without_divisions
from geo.making.sources import Sources

_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|"
    "柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|"
    "塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各"
)
_AUTONOMOUS = re.compile(rf"^(.+?)(?:(?:{_PEOPLES})族|蒙古|哈萨克|柯尔克孜|维吾尔|塔吉克|锡伯)*自治[区州县旗]$")
_ZONE = re.compile(r"(?:开发|园|示范|管理|试验|实验|景|现代产业|聚集|食品|保税)区$")
_PLAIN = {
    "province": re.compile(r"^(.{2,}?)(?:特别行政区|省|市)$"),
    "city": re.compile(r"^(.{2,}?)(?:地区|盟|市)$"),
    "county": re.compile(r"^(.{2,}?)(?:林区|特区|新区|区|县|市|旗)$"),
    "town": re.compile(r"^(.{2,}?)(?:街道办事处|街道|地区办事处|地区|(?:民族)?苏木|民族乡|镇|乡)$"),
}


def short_name(name: str, level: str) -> str:
    """Return the name without what only says its rank (延边朝鲜族自治州 → 延边); never shorter than two characters."""
    if level == "province" and name == "内蒙古自治区":
        return "内蒙古"
    if _ZONE.search(name):
        return name
    autonomous = _AUTONOMOUS.match(name)
    if autonomous:
        return _autonomous_stem(name, autonomous.group(1))
    plain = _PLAIN[level].match(name) if level in _PLAIN else None
    return plain.group(1) if plain else name


def _autonomous_stem(name: str, stem: str) -> str:
    """Return the stem of an autonomous unit; where the people's name is the whole name (鄂温克族自治旗) keep that."""
    return stem if len(stem) > 1 else re.sub(r"族?自治[区州县旗]$", "", name)


def divisions(sources: Sources) -> pd.DataFrame:
    """Return code, name, short_name, level and parent (strings) of every division from the nation to the towns."""
    frames = [pd.DataFrame({"code": [codes.NATION], "name": ["全国"], "level": ["nation"]})]
    extra = provinces_without_divisions()
    frames.append(pd.DataFrame({"code": list(extra), "name": list(extra.values()), "level": "province"}))
    frames += [sources.table(level).assign(level=level) for level in ("province", "city", "county", "town")]
    frame = pd.concat(frames, ignore_index=True)
    frame["short_name"] = [short_name(*pair) for pair in zip(frame["name"], frame["level"], strict=True)]
    frame["parent"] = [codes.parent_of(code) or "" for code in frame["code"]]
    frame["depth"] = frame["level"].map(codes.LEVELS.index)
    frame = frame.sort_values(["depth", "code"], ignore_index=True)
    return frame[["code", "name", "short_name", "level", "parent"]]


def villages(sources: Sources) -> pd.DataFrame:
    """Return code (int64, 12 digits) and name of every village, sorted by code."""
    frame = sources.table("village")
    return pd.DataFrame({"code": frame["code"].astype("int64"), "name": frame["name"]})
