CREATE TABLE sip_trunks (
  environment_id uuid NOT NULL REFERENCES environments (id),
  id uuid NOT NULL,
  name text NOT NULL,
  provider_name text NOT NULL,
  domain text NOT NULL,
  port integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
  transport text NOT NULL CHECK (transport IN ('udp', 'tcp', 'tls')),
  username text NOT NULL,
  password_sealed text NOT NULL,
  outbound_proxy text,
  auth_realm text,
  is_active boolean NOT NULL,
  is_verified boolean NOT NULL,
  health_status text CHECK (health_status IN ('healthy', 'unhealthy')),
  last_health_check_at timestamptz,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (environment_id, id),
  CONSTRAINT sip_trunks_active_is_verified CHECK (is_verified OR NOT is_active)
);

-- COLLATE "C" lets the unique index serve prefix searches, whatever the database's locale.
CREATE TABLE dids (
  environment_id uuid NOT NULL,
  id uuid NOT NULL,
  trunk_id uuid NOT NULL,
  number text COLLATE "C" NOT NULL,
  country_code text NOT NULL,
  label text,
  note text,
  tags text[] NOT NULL DEFAULT '{}',
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (environment_id, id),
  CONSTRAINT dids_number_key UNIQUE (environment_id, number),
  CONSTRAINT dids_trunk_fkey FOREIGN KEY (environment_id, trunk_id) REFERENCES sip_trunks (environment_id, id)
);
CREATE INDEX dids_trunk_idx ON dids (environment_id, trunk_id, id);

-- Kept after the number is gone (approved), so did_id is no foreign key and the number is copied.
CREATE TABLE release_requests (
  environment_id uuid NOT NULL,
  id uuid NOT NULL,
  did_id uuid NOT NULL,
  number text NOT NULL,
  reason text NOT NULL,
  status text NOT NULL CHECK (status IN ('pending', 'approved', 'rejected', 'cancelled')),
  rejection_reason text,
  requested_at timestamptz NOT NULL,
  resolved_at timestamptz,
  PRIMARY KEY (environment_id, id)
);
CREATE UNIQUE INDEX release_requests_pending_key ON release_requests (environment_id, did_id)
  WHERE status = 'pending';
-- The operator decides over all environments and names a request by its id alone.
CREATE INDEX release_requests_id_idx ON release_requests (id);
