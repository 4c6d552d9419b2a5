-- The vault's tables. Frozen: a released step is never edited, the next change is a step of its own.
-- Times are whole microseconds since 1970 in UTC; digests are lower-case hex of SHA-256; JSON is text.

CREATE TABLE meta (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE migration (
  n INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  sha256 TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

-- Signed events in order of arrival, append only.
CREATE TABLE event (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  request TEXT NOT NULL,
  type TEXT NOT NULL,
  at TEXT NOT NULL,
  org TEXT NOT NULL,
  device TEXT NOT NULL,
  seq INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  envelope BLOB NOT NULL,
  bundle TEXT,
  row_sha256 TEXT NOT NULL,
  head TEXT NOT NULL
) STRICT;
CREATE INDEX event_of_request ON event (request, n);
CREATE INDEX event_of_device ON event (request, device, seq, n);

-- Drafts: what only this laptop has seen.
CREATE TABLE draft (
  request TEXT NOT NULL PRIMARY KEY,
  reference TEXT NOT NULL,
  title TEXT NOT NULL,
  supplier TEXT,
  supplier_name TEXT NOT NULL,
  dataset TEXT,
  question_set TEXT NOT NULL,
  marking TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE TABLE answer (
  request TEXT NOT NULL REFERENCES draft ON DELETE CASCADE,
  question TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (request, question)
) STRICT, WITHOUT ROWID;
CREATE TABLE revision (
  n INTEGER PRIMARY KEY,
  request TEXT NOT NULL REFERENCES draft ON DELETE CASCADE,
  question TEXT NOT NULL,
  value TEXT,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX revision_of_question ON revision (request, question, n);

-- Samples of drafts and of received requests; the encrypted files lie in objects/.
CREATE TABLE sample (
  request TEXT NOT NULL,
  n INTEGER NOT NULL,
  name TEXT NOT NULL,
  media TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  object TEXT NOT NULL,
  file_key BLOB NOT NULL,
  kind TEXT NOT NULL,
  profile TEXT NOT NULL,
  PRIMARY KEY (request, n)
) STRICT;

-- Sealed bundles on their way: what every retry repeats cannot change.
CREATE TABLE outbox (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  box TEXT NOT NULL,
  org TEXT NOT NULL,
  request TEXT,
  kind TEXT NOT NULL,
  seq INTEGER NOT NULL,
  manifest_sha256 TEXT NOT NULL,
  sealed BLOB NOT NULL,
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  problem TEXT NOT NULL,
  commit_name TEXT NOT NULL,
  commit_bytes BLOB NOT NULL,
  UNIQUE (id, box)
) STRICT;
CREATE INDEX outbox_of_box ON outbox (box, seq);
CREATE INDEX outbox_of_request ON outbox (request, n);
CREATE INDEX outbox_by_state ON outbox (state, n);
CREATE TABLE outbox_object (
  item INTEGER NOT NULL REFERENCES outbox,
  n INTEGER NOT NULL,
  object TEXT NOT NULL,
  header BLOB NOT NULL,
  payload_size INTEGER NOT NULL,
  PRIMARY KEY (item, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE outbox_part (
  item INTEGER NOT NULL REFERENCES outbox,
  n INTEGER NOT NULL,
  offset INTEGER NOT NULL,
  length INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (item, n, offset)
) STRICT, WITHOUT ROWID;

-- What has come in.
CREATE TABLE inbox_seen (
  bundle TEXT NOT NULL PRIMARY KEY,
  org TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE inbox_looked_at (
  box TEXT NOT NULL,
  name TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (box, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE inbox_head (
  box TEXT NOT NULL,
  device TEXT NOT NULL,
  seq INTEGER NOT NULL,
  manifest_sha256 TEXT NOT NULL,
  PRIMARY KEY (box, device)
) STRICT, WITHOUT ROWID;
CREATE TABLE quarantine (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  door TEXT NOT NULL,
  code TEXT NOT NULL,
  fields TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  source TEXT NOT NULL,
  at INTEGER NOT NULL,
  content TEXT NOT NULL
) STRICT;

-- Organisation cards. A pin is one key that was believed; believing another one is a new pin, and the old stays.
CREATE TABLE card (
  org TEXT NOT NULL,
  pin INTEGER NOT NULL,
  name TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  version INTEGER NOT NULL,
  envelope BLOB NOT NULL,
  first_seen_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  changed_to TEXT NOT NULL,
  PRIMARY KEY (org, pin)
) STRICT;
CREATE TABLE card_check (
  n INTEGER PRIMARY KEY,
  org TEXT NOT NULL,
  pin INTEGER NOT NULL,
  method TEXT NOT NULL,
  by TEXT NOT NULL,
  at INTEGER NOT NULL,
  note TEXT NOT NULL,
  FOREIGN KEY (org, pin) REFERENCES card (org, pin)
) STRICT;
CREATE INDEX card_check_of_card ON card_check (org, pin, n);

CREATE TABLE setting (
  name TEXT NOT NULL PRIMARY KEY,
  value BLOB NOT NULL
) STRICT;

-- What lists show; rebuilt from events and drafts. `place` answers a whole list without touching the rows.
CREATE TABLE request_row (
  n INTEGER PRIMARY KEY,
  request TEXT NOT NULL UNIQUE,
  reference TEXT NOT NULL,
  title TEXT NOT NULL,
  counterpart TEXT NOT NULL,
  side TEXT NOT NULL,
  stage TEXT NOT NULL,
  list TEXT NOT NULL,
  needs_you INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX request_row_place ON request_row (updated_at DESC, request DESC, list, side);
CREATE INDEX request_row_list ON request_row (list);
CREATE VIRTUAL TABLE request_words USING fts5 (
  words, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);

-- Rules that hold whoever writes the SQL.
CREATE TRIGGER meta_keeps BEFORE UPDATE ON meta WHEN OLD.key = 'vault_id'
  BEGIN SELECT RAISE (ABORT, 'the vault keeps its id'); END;
CREATE TRIGGER meta_stays BEFORE DELETE ON meta
  BEGIN SELECT RAISE (ABORT, 'the vault keeps its id'); END;
CREATE TRIGGER migration_keeps BEFORE UPDATE ON migration
  BEGIN SELECT RAISE (ABORT, 'append only'); END;
CREATE TRIGGER migration_stays BEFORE DELETE ON migration
  BEGIN SELECT RAISE (ABORT, 'append only'); END;
CREATE TRIGGER event_keeps BEFORE UPDATE ON event
  BEGIN SELECT RAISE (ABORT, 'append only'); END;
CREATE TRIGGER event_stays BEFORE DELETE ON event
  BEGIN SELECT RAISE (ABORT, 'append only'); END;
CREATE TRIGGER event_at_end BEFORE INSERT ON event
  WHEN NEW.n IS NOT NULL AND NEW.n <> -1 AND NEW.n <> (SELECT COALESCE (MAX (n), 0) + 1 FROM event)
  BEGIN SELECT RAISE (ABORT, 'append only'); END;
CREATE TRIGGER inbox_seen_keeps BEFORE UPDATE ON inbox_seen
  BEGIN SELECT RAISE (ABORT, 'append only'); END;
CREATE TRIGGER inbox_seen_stays BEFORE DELETE ON inbox_seen
  BEGIN SELECT RAISE (ABORT, 'append only'); END;
CREATE TRIGGER card_pinned BEFORE UPDATE ON card
  WHEN NEW.org IS NOT OLD.org OR NEW.pin IS NOT OLD.pin OR NEW.fingerprint IS NOT OLD.fingerprint
    OR NEW.first_seen_at IS NOT OLD.first_seen_at OR NEW.version < OLD.version
  BEGIN SELECT RAISE (ABORT, 'pinned'); END;
CREATE TRIGGER card_stays BEFORE DELETE ON card
  BEGIN SELECT RAISE (ABORT, 'pinned'); END;
CREATE TRIGGER card_check_keeps BEFORE UPDATE ON card_check
  BEGIN SELECT RAISE (ABORT, 'append only'); END;
CREATE TRIGGER card_check_stays BEFORE DELETE ON card_check
  BEGIN SELECT RAISE (ABORT, 'append only'); END;
CREATE TRIGGER outbox_sealed BEFORE UPDATE ON outbox
  WHEN NEW.id IS NOT OLD.id OR NEW.box IS NOT OLD.box OR NEW.seq IS NOT OLD.seq OR NEW.sealed IS NOT OLD.sealed
    OR NEW.manifest_sha256 IS NOT OLD.manifest_sha256
    OR (OLD.commit_name <> '' AND (NEW.commit_name IS NOT OLD.commit_name OR NEW.commit_bytes IS NOT OLD.commit_bytes))
  BEGIN SELECT RAISE (ABORT, 'sealed'); END;
CREATE TRIGGER outbox_stays BEFORE DELETE ON outbox
  BEGIN SELECT RAISE (ABORT, 'sealed'); END;
