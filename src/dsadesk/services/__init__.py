"""Use cases, one family a module. They hold no rule of the conversation (that is `domain`) and know no adapter (that is `ports`)."""
