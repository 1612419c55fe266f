"""All SQLAlchemy tables: reporting (`rpt_*`, written by the ETL only) and operations (written by actions only)."""
