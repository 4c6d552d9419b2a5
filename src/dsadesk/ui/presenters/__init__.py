"""What each page shows and what a click means. Qt-free: they run, and are tested, without a display."""
