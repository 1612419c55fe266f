"""From text to typed rows: rename, cast, locate, de-duplicate; what fails goes to quarantine with its reason."""

from etl.staging.staged import Unreconciled, stage

__all__ = ["Unreconciled", "stage"]
