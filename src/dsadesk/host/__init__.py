"""The machine underneath: its clock, its randomness, its key store, its folders, and twins of them for tests."""
