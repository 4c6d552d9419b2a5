"""Ways for bytes to reach a store: a folder, memory, and wrappers that record, fail or lose on purpose."""
