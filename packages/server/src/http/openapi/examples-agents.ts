import { data, type Example, IDS, said, TIME } from './example.ts';

const training = {
  id: IDS.training,
  subject: 'Product Knowledge',
  instructions: 'Learn about our product features and pricing',
  current_status: 'active',
  created_at: TIME,
  updated_at: TIME,
};

const scheduleInput = { name: 'date', type: 'string', required: true, description: 'Meeting date' };

const action = {
  id: IDS.action,
  name: 'Schedule Meeting',
  label: 'Schedule Meeting',
  description: 'Schedule a meeting with the customer',
  type: 'webhook',
  input_schema: [scheduleInput],
  config: null,
  action_trigger: null,
  url: 'https://api.example.com/schedule',
  authorization_url: null,
  current_status: 'active',
  created_at: TIME,
  updated_at: TIME,
};

const number = {
  id: IDS.did,
  number: '+15551234567',
  country_code: 'US',
  formatted_number: '(555) 123-4567',
};

const settings = {
  name: 'SupportBot',
  label: 'Customer Support Agent',
  description: 'Handles customer inquiries and support requests',
  language: 'en-US',
  initial_message: 'Hello, how can I help you today?',
  interrupt_sensitivity: 'medium',
  conversation_speed: 1,
  initial_message_delay: 0,
  ask_if_human_present_on_idle: false,
  direction: 'inbound',
  who_speaks_first: 'agent',
};

const draft = {
  id: IDS.agent,
  ...settings,
  voice: null,
  current_status: 'draft',
  is_sandbox: false,
  is_ready_to_publish: false,
  created_at: TIME,
  updated_at: TIME,
  trainings: [],
  actions: [],
  phone_numbers: [],
};

const published = {
  ...draft,
  current_status: 'published',
  is_ready_to_publish: true,
  trainings: [training],
  actions: [action],
  phone_numbers: [{ ...number, international_number: '+1 555 123 4567', current_status: 'active' }],
};

const knowledge = {
  description: 'Updated agent description with more details',
  initial_message: 'Hello! Welcome to our support line. How may I assist you today?',
  interrupt_sensitivity: 'high',
  ask_if_human_present_on_idle: true,
  llm_temperature: 0.8,
  initial_message_delay: 2,
};
const { llm_temperature: _notShown, ...shownKnowledge } = knowledge;

const publication = (current_status: string): object => ({
  id: IDS.agent,
  name: 'SupportBot',
  current_status,
  is_ready_to_publish: true,
  updated_at: TIME,
});

export const AGENT_EXAMPLES: Record<string, Example> = {
  createAgent: {
    request: {
      ...settings,
      endpointing_sensitivity: 'auto',
      ivr_navigation_mode: 'off',
      idle_time_seconds: 5,
      llm_temperature: 0.7,
      enable_recording: true,
    },
    reply: { success: true, message: 'Agent created successfully', data: draft },
  },
  listAgents: {
    reply: {
      success: true,
      data: [published],
      meta: { current_page: 1, per_page: 20, total: 1, last_page: 1 },
    },
  },
  getAgent: data(published),
  deleteAgent: said('Agent deleted successfully'),
  updateAgentKnowledge: {
    request: knowledge,
    reply: {
      success: true,
      message: 'Agent knowledge updated successfully',
      data: { ...draft, ...shownKnowledge },
    },
  },
  updateAgentCalling: {
    request: { direction: 'inbound', phone_number_ids: [IDS.did] },
    reply: {
      success: true,
      message: 'Agent calling settings updated successfully',
      data: {
        id: IDS.agent,
        name: 'SupportBot',
        direction: 'inbound',
        current_status: 'draft',
        phone_numbers: [{ ...number, current_status: 'active' }],
        updated_at: TIME,
      },
    },
  },
  publishAgent: {
    reply: { success: true, message: 'Agent published successfully', data: publication('published') },
  },
  unpublishAgent: {
    reply: { success: true, message: 'Agent unpublished successfully', data: publication('draft') },
  },
  saveAgentTraining: {
    request: {
      node_id: 'training-node-123',
      subject: training.subject,
      instructions: training.instructions,
      current_status: 'active',
    },
    reply: { success: true, message: 'Agent training updated successfully', data: training },
  },
  listAgentTrainings: data([training]),
  deleteAgentTraining: said('Agent training deleted successfully'),
  saveAgentAction: {
    request: {
      node_id: 'action-node-456',
      name: action.name,
      description: action.description,
      type: 'webhook',
      inputs: [scheduleInput],
      url: action.url,
    },
    reply: { success: true, message: 'Agent action updated successfully', data: action },
  },
  listAgentActions: data([action]),
  deleteAgentAction: said('Agent action deleted successfully'),
};
