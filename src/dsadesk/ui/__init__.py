"""The desktop. This package itself imports no Qt, so that presenters and the command line start without it."""
