"""The case workflow as data: definitions, what a step still lacks, who may do it, and its clock. Knows no database."""
