"""The sentences for every error, by class and code. One family a module; nothing here is put together from pieces."""
