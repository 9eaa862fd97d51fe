import { z } from 'zod';
import { type Context, requireScope } from '../context.ts';

/** Contract §5.4. The identifiers are the wire's; `integration.id` of an action names one of them. */
const INTEGRATION_IDS = ['calendar', 'email-calendar', 'crm'] as const;

export const integrationResource = z
  .object({
    identifier: z.enum(INTEGRATION_IDS),
    display_name: z.string(),
    description: z.string(),
    category: z.enum(['scheduling', 'data']),
    icon_url: z.url().nullable(),
  })
  .meta({ id: 'ActionIntegration' });
type Integration = z.output<typeof integrationResource>;

/** The icons would need an address of this installation that it does not know, so there are none. */
const INTEGRATIONS: readonly Integration[] = [
  {
    identifier: 'calendar',
    display_name: 'Calendar',
    description: 'Books events on a connected calendar while the call is running.',
    category: 'scheduling',
    icon_url: null,
  },
  {
    identifier: 'email-calendar',
    display_name: 'Email + Calendar Invite',
    description: 'E-mails a calendar invitation once the call is over.',
    category: 'scheduling',
    icon_url: null,
  },
  {
    identifier: 'crm',
    display_name: 'CRM Sync',
    description: 'Sends the summary and the outcome of a call to your CRM.',
    category: 'data',
    icon_url: null,
  },
];

export function listIntegrations(context: Context): readonly Integration[] {
  requireScope(context, 'agents:read');
  return INTEGRATIONS;
}
