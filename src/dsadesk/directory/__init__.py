"""Who is who: what this laptop believes of other organisations' keys, and on what grounds."""
