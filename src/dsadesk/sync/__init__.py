"""How sealed bundles reach a dumb store and come out of one. Plans are pure; the engine takes one step at a time and can stop after any."""
