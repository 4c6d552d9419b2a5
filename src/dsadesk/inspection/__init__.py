"""Reads sample files in a process of its own: what they hold, column by column, and which columns are about people."""
