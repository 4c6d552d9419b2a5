"""Documents that people read and sign: one tree from the request, one renderer a format. No I/O but the PDF's fonts."""
