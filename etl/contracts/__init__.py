"""What each input must look like: one definition per contract, and the reasons for which a row is kept out."""

from etl.contracts.columns import CONTRACTS, Column, Contract
from etl.contracts.reasons import REASONS, Reason

__all__ = ["CONTRACTS", "REASONS", "Column", "Contract", "Reason"]
