CREATE TABLE agents (
  environment_id uuid NOT NULL REFERENCES environments (id),
  id uuid NOT NULL,
  name text NOT NULL,
  label text NOT NULL,
  description text,
  language text NOT NULL,
  initial_message text,
  interrupt_sensitivity text NOT NULL,
  endpointing_sensitivity text NOT NULL,
  ivr_navigation_mode text NOT NULL,
  conversation_speed double precision NOT NULL,
  initial_message_delay integer NOT NULL,
  ask_if_human_present_on_idle boolean NOT NULL,
  idle_time_seconds integer NOT NULL,
  max_idle_check_count integer,
  max_call_duration_seconds integer,
  say_goodbye_on_max_duration boolean,
  user_inactivity_timeout_seconds integer,
  initial_idle_time_seconds integer,
  initial_max_idle_check_count integer,
  llm_temperature double precision NOT NULL,
  enable_recording boolean NOT NULL,
  direction text NOT NULL CHECK (direction IN ('inbound', 'outbound')),
  who_speaks_first text NOT NULL,
  current_status text NOT NULL DEFAULT 'draft' CHECK (current_status IN ('draft', 'published')),
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (environment_id, id)
);

-- direction repeats the agent's so that one partial unique index can hold the rule:
-- a number serves at most one inbound agent and any number of outbound ones.
CREATE TABLE agent_numbers (
  environment_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  did_id uuid NOT NULL,
  direction text NOT NULL,
  position integer NOT NULL,
  PRIMARY KEY (environment_id, agent_id, did_id),
  CONSTRAINT agent_numbers_agent_fkey FOREIGN KEY (environment_id, agent_id)
    REFERENCES agents (environment_id, id) ON DELETE CASCADE,
  CONSTRAINT agent_numbers_did_fkey FOREIGN KEY (environment_id, did_id)
    REFERENCES dids (environment_id, id)
);
CREATE UNIQUE INDEX agent_numbers_inbound_key ON agent_numbers (environment_id, did_id)
  WHERE direction = 'inbound';
CREATE INDEX agent_numbers_did_idx ON agent_numbers (environment_id, did_id);

CREATE TABLE trainings (
  environment_id uuid NOT NULL,
  id uuid NOT NULL,
  agent_id uuid NOT NULL,
  node_id text,
  subject text NOT NULL,
  instructions text NOT NULL,
  current_status text NOT NULL CHECK (current_status IN ('active', 'inactive')),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (environment_id, id),
  CONSTRAINT trainings_node_key UNIQUE (environment_id, agent_id, node_id),
  CONSTRAINT trainings_agent_fkey FOREIGN KEY (environment_id, agent_id)
    REFERENCES agents (environment_id, id) ON DELETE CASCADE
);

-- Header values may carry credentials of other systems, so they are sealed like passwords.
CREATE TABLE actions (
  environment_id uuid NOT NULL,
  id uuid NOT NULL,
  agent_id uuid NOT NULL,
  node_id text NOT NULL,
  name text NOT NULL,
  description text NOT NULL,
  type text NOT NULL CHECK (type IN ('webhook', 'transfer', 'hold', 'external')),
  input_schema jsonb NOT NULL,
  integration_id text,
  url text,
  authorization_url text,
  authorization_scheme text NOT NULL,
  custom_headers_sealed text,
  speak_on_send text,
  speak_on_receive text,
  execution_mode text NOT NULL,
  hold_duration integer,
  transfer_to text,
  current_status text NOT NULL CHECK (current_status IN ('active', 'inactive')),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (environment_id, id),
  CONSTRAINT actions_node_key UNIQUE (environment_id, agent_id, node_id),
  CONSTRAINT actions_agent_fkey FOREIGN KEY (environment_id, agent_id)
    REFERENCES agents (environment_id, id) ON DELETE CASCADE
);
