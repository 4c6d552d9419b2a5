"""The sections of an agreement: each writes itself with a `Writer`, in the order that `agreement` gives."""
