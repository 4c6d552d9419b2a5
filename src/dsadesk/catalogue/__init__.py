"""Catalogue records in the UK cross-government metadata exchange model: read, check, say in words. Bytes in, values out; no I/O."""
