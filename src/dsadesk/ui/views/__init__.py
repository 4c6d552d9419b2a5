"""The pages and dialogs of the window, one a file. They hold no decision."""
