-- layout tells how to read the chunks: {"delimiter": ",", "columns": ["number", …]}; NULL for NDJSON.
CREATE TABLE did_imports (
  environment_id uuid NOT NULL,
  id uuid NOT NULL,
  trunk_id uuid NOT NULL,
  format text NOT NULL CHECK (format IN ('csv', 'ndjson')),
  dry_run boolean NOT NULL,
  status text NOT NULL CHECK (status IN ('uploading', 'queued', 'running', 'succeeded', 'failed', 'cancelled')),
  content_sha256 text,
  layout jsonb,
  default_country_code text,
  rows_total integer NOT NULL DEFAULT 0,
  rows_done integer NOT NULL DEFAULT 0,
  counts jsonb NOT NULL DEFAULT '{}',
  error text,
  actor jsonb NOT NULL,
  request_id text NOT NULL,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  finished_at timestamptz,
  PRIMARY KEY (environment_id, id),
  CONSTRAINT did_imports_trunk_fkey FOREIGN KEY (environment_id, trunk_id)
    REFERENCES sip_trunks (environment_id, id) ON DELETE CASCADE
);
CREATE INDEX did_imports_trunk_idx ON did_imports (environment_id, trunk_id, id);

-- The uploaded text in pieces cut at record ends, so that any node can go on where another stopped.
CREATE TABLE did_import_chunks (
  environment_id uuid NOT NULL,
  import_id uuid NOT NULL,
  seq integer NOT NULL,
  first_row integer NOT NULL,
  row_count integer NOT NULL,
  body text NOT NULL,
  done boolean NOT NULL DEFAULT false,
  PRIMARY KEY (environment_id, import_id, seq),
  CONSTRAINT did_import_chunks_import_fkey FOREIGN KEY (environment_id, import_id)
    REFERENCES did_imports (environment_id, id) ON DELETE CASCADE
);

-- What became of each number. A chunk has one part for every 5,000 numbers that its rows hold (a row
-- may be a range). The three arrays run in parallel: one byte, four bytes and eight bytes a number
-- (domain/did-imports/results.ts); problems is the JSON of those that need words.
CREATE TABLE did_import_results (
  environment_id uuid NOT NULL,
  import_id uuid NOT NULL,
  seq integer NOT NULL,
  part integer NOT NULL,
  verdicts bytea NOT NULL,
  row_numbers bytea NOT NULL,
  numbers bytea NOT NULL,
  problems text,
  PRIMARY KEY (environment_id, import_id, seq, part),
  CONSTRAINT did_import_results_import_fkey FOREIGN KEY (environment_id, import_id)
    REFERENCES did_imports (environment_id, id) ON DELETE CASCADE
);
