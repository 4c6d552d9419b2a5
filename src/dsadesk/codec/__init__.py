"""Bytes ↔ values for everything that is signed or hashed."""
