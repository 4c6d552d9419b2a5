"""Data sharing requests, offline first."""

__version__ = "0.1.0"
