"""Item models. Each is run through Qt's own model tester."""
