-- The catalogue's tables. Everything here is imported again when this file changes, so there are no steps.

CREATE TABLE dataset (
  n INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  identifier TEXT NOT NULL,
  title_order TEXT NOT NULL,
  record TEXT NOT NULL,
  UNIQUE (source, identifier)
) STRICT;
CREATE INDEX dataset_by_identifier ON dataset (identifier, n);
CREATE INDEX dataset_by_title ON dataset (title_order, n);

-- Two tiers: names first, then everything that was written about a dataset.
CREATE VIRTUAL TABLE dataset_names USING fts5 (
  title, publisher, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
CREATE VIRTUAL TABLE dataset_text USING fts5 (
  title, publisher, description, other,
  content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
