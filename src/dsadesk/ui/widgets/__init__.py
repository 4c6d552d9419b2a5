"""Reusable parts that know no request. Each file holds one idea; none of them imports a presenter or a model."""
