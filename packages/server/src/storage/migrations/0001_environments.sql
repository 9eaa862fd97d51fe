-- Environments own everything else. Environments and tokens are the two tables that are looked up
-- without an environment (a token decides it), so they are the only ones keyed otherwise.
CREATE TABLE environments (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  archived_at timestamptz,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT environments_name_key UNIQUE (name)
);

-- Admin tokens belong to the installation: environment_id is then the nil UUID, hence no foreign key.
CREATE TABLE api_tokens (
  environment_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  token_hash text NOT NULL,
  preview text NOT NULL,
  scopes text[] NOT NULL,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (environment_id, id),
  CONSTRAINT api_tokens_hash_key UNIQUE (token_hash)
);

-- Append-only: the audit log, and the feed that other processes and webhooks follow.
CREATE TABLE events (
  environment_id uuid NOT NULL,
  id uuid NOT NULL,
  type text NOT NULL,
  subject_type text NOT NULL,
  subject_id uuid NOT NULL,
  actor jsonb NOT NULL,
  request_id text NOT NULL,
  before jsonb,
  after jsonb,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (environment_id, id)
);
CREATE INDEX events_subject_idx ON events (environment_id, subject_id, id);
-- Not even the owner changes an entry. Privileges and not a trigger: every PostgreSQL family has them.
REVOKE UPDATE, DELETE, TRUNCATE ON events FROM PUBLIC, CURRENT_USER;

-- status and response are filled in the transaction of the effect: a key without them never committed.
CREATE TABLE idempotency_keys (
  environment_id uuid NOT NULL,
  token_id uuid NOT NULL,
  key text NOT NULL,
  fingerprint text NOT NULL,
  status integer,
  response text,
  headers jsonb,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (environment_id, token_id, key)
);
CREATE INDEX idempotency_keys_created_idx ON idempotency_keys (created_at);

-- job_key makes enqueueing idempotent: one live job per kind and key. requests counts how often it was
-- asked for, so that a job asked for again while it runs is not lost when that run ends.
CREATE TABLE jobs (
  environment_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  job_key text NOT NULL,
  payload jsonb NOT NULL,
  run_at timestamptz NOT NULL,
  requests integer NOT NULL DEFAULT 1,
  attempts integer NOT NULL DEFAULT 0,
  lease_until timestamptz,
  lease_owner text,
  last_error text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (environment_id, id),
  CONSTRAINT jobs_key UNIQUE (environment_id, kind, job_key)
);
CREATE INDEX jobs_run_at_idx ON jobs (run_at);

-- One row. key_check is sealed with the master key, so that a node that has another key notices.
CREATE TABLE installation (
  id smallint PRIMARY KEY CHECK (id = 1),
  key_check text NOT NULL
);
