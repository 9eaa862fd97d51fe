import type { Generated, JSONColumnType } from 'kysely';

/** Rows as PostgreSQL keeps them; column names are the wire's. Migrations are the source of truth. */
export type Schema = {
  installation: { id: number; key_check: string };
  environments: EnvironmentTable;
  api_tokens: ApiTokenTable;
  events: EventTable;
  idempotency_keys: IdempotencyKeyTable;
  jobs: JobTable;
  sip_trunks: SipTrunkTable;
  dids: DidTable;
  release_requests: ReleaseRequestTable;
  agents: AgentTable;
  agent_numbers: AgentNumberTable;
  trainings: TrainingTable;
  actions: ActionTable;
  did_imports: DidImportTable;
  did_import_chunks: DidImportChunkTable;
  did_import_results: DidImportResultTable;
};

type Revision = Generated<number>;

type EnvironmentTable = {
  id: string;
  name: string;
  archived_at: Date | null;
  revision: Revision;
  created_at: Date;
  updated_at: Date;
};

type ApiTokenTable = {
  environment_id: string;
  id: string;
  name: string;
  token_hash: string;
  preview: string;
  scopes: string[];
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
  created_at: Date;
};

type EventTable = {
  environment_id: string;
  id: string;
  type: string;
  subject_type: string;
  subject_id: string;
  actor: JSONColumnType<Record<string, unknown>>;
  request_id: string;
  before: JSONColumnType<Record<string, unknown>> | null;
  after: JSONColumnType<Record<string, unknown>> | null;
  created_at: Date;
};

type IdempotencyKeyTable = {
  environment_id: string;
  token_id: string;
  key: string;
  fingerprint: string;
  status: number | null;
  response: string | null;
  headers: JSONColumnType<Record<string, string>> | null;
  created_at: Date;
};

type JobTable = {
  environment_id: string;
  id: string;
  kind: string;
  job_key: string;
  payload: JSONColumnType<Record<string, unknown>>;
  run_at: Date;
  requests: Generated<number>;
  attempts: Generated<number>;
  lease_until: Date | null;
  lease_owner: string | null;
  last_error: string | null;
  created_at: Date;
};

type SipTrunkTable = {
  environment_id: string;
  id: string;
  name: string;
  provider_name: string;
  domain: string;
  port: number;
  transport: 'udp' | 'tcp' | 'tls';
  username: string;
  password_sealed: string;
  outbound_proxy: string | null;
  auth_realm: string | null;
  is_active: boolean;
  is_verified: boolean;
  health_status: 'healthy' | 'unhealthy' | null;
  last_health_check_at: Date | null;
  revision: Revision;
  created_at: Date;
  updated_at: Date;
};

type DidTable = {
  environment_id: string;
  id: string;
  trunk_id: string;
  number: string;
  country_code: string;
  label: string | null;
  note: string | null;
  tags: Generated<string[]>;
  revision: Revision;
  created_at: Date;
  updated_at: Date;
};

type ReleaseRequestTable = {
  environment_id: string;
  id: string;
  did_id: string;
  number: string;
  reason: string;
  status: 'pending' | 'approved' | 'rejected' | 'cancelled';
  rejection_reason: string | null;
  requested_at: Date;
  resolved_at: Date | null;
};

/** Contract §3.1; no CHECK holds the list, because it will grow. */
type AgentLanguage =
  | 'pt-BR'
  | 'pt-PT'
  | 'en-US'
  | 'en-CA'
  | 'es-ES'
  | 'fr-FR'
  | 'de-DE'
  | 'it-IT'
  | 'nl-NL'
  | 'ja-JP'
  | 'ko-KR'
  | 'zh-TW';

type AgentTable = {
  environment_id: string;
  id: string;
  name: string;
  label: string;
  description: string | null;
  language: AgentLanguage;
  initial_message: string | null;
  interrupt_sensitivity: 'low' | 'medium' | 'high';
  endpointing_sensitivity: 'auto' | 'low' | 'medium' | 'high';
  ivr_navigation_mode: 'off' | 'dtmf' | 'speech';
  conversation_speed: number;
  initial_message_delay: number;
  ask_if_human_present_on_idle: boolean;
  idle_time_seconds: number;
  max_idle_check_count: number | null;
  max_call_duration_seconds: number | null;
  say_goodbye_on_max_duration: boolean | null;
  user_inactivity_timeout_seconds: number | null;
  initial_idle_time_seconds: number | null;
  initial_max_idle_check_count: number | null;
  llm_temperature: number;
  enable_recording: boolean;
  direction: 'inbound' | 'outbound';
  who_speaks_first: 'agent' | 'user';
  current_status: Generated<'draft' | 'published'>;
  revision: Revision;
  created_at: Date;
  updated_at: Date;
};

type AgentNumberTable = {
  environment_id: string;
  agent_id: string;
  did_id: string;
  direction: 'inbound' | 'outbound';
  position: number;
};

type TrainingTable = {
  environment_id: string;
  id: string;
  agent_id: string;
  node_id: string | null;
  subject: string;
  instructions: string;
  current_status: 'active' | 'inactive';
  created_at: Date;
  updated_at: Date;
};

type ActionTable = {
  environment_id: string;
  id: string;
  agent_id: string;
  node_id: string;
  name: string;
  description: string;
  type: 'webhook' | 'transfer' | 'hold' | 'external';
  input_schema: JSONColumnType<Record<string, unknown>[]>;
  integration_id: string | null;
  url: string | null;
  authorization_url: string | null;
  authorization_scheme: string;
  custom_headers_sealed: string | null;
  speak_on_send: string | null;
  speak_on_receive: string | null;
  execution_mode: string;
  hold_duration: number | null;
  transfer_to: string | null;
  current_status: 'active' | 'inactive';
  created_at: Date;
  updated_at: Date;
};

type DidImportTable = {
  environment_id: string;
  id: string;
  trunk_id: string;
  format: 'csv' | 'ndjson';
  dry_run: boolean;
  status: 'uploading' | 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  content_sha256: string | null;
  layout: JSONColumnType<{ delimiter: string; columns: string[] }> | null;
  default_country_code: string | null;
  rows_total: Generated<number>;
  rows_done: Generated<number>;
  counts: JSONColumnType<Record<string, number>>;
  error: string | null;
  actor: JSONColumnType<Record<string, unknown>>;
  request_id: string;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
};

type DidImportChunkTable = {
  environment_id: string;
  import_id: string;
  seq: number;
  first_row: number;
  row_count: number;
  body: string;
  done: Generated<boolean>;
};

type DidImportResultTable = {
  environment_id: string;
  import_id: string;
  seq: number;
  part: number;
  verdicts: Buffer;
  row_numbers: Buffer;
  numbers: Buffer;
  problems: string | null;
};
