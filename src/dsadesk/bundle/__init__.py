"""What one delivery carries, and the ordered doors that it passes on arrival. The bytes are in docs/formats/bundle.md."""
