"""Facts and rules of a data sharing request. Pure: no I/O, no clock, no randomness, no cryptography."""
