import { formatBoth } from '../dids/number.ts';
import type { DidRow, DidWithAgents } from '../dids/store.ts';
import type { PhoneNumberListItem, PhoneNumberResource } from './schemas.ts';

/** Contract §14.3, in its order. */
export function presentNumberListed(row: DidRow): PhoneNumberListItem {
  const { national, international } = formatBoth(row.number);
  return {
    id: row.id,
    number: row.number,
    country_code: row.country_code,
    formatted_number: national,
    international_number: international,
    type: 'voice',
    has_voice: true,
    has_sms: false,
    has_mms: false,
    has_fax: false,
    has_whatsapp: false,
    current_status: 'active',
    is_sandbox: false,
    current_price: 0,
    currency: 'USD',
    renewal_date: null,
    auto_renewal: false,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    monthly_renewal_cost: 0,
    days_until_monthly_renewal: null,
    is_due_for_monthly_renewal: false,
  };
}

export const presentNumber = (row: DidWithAgents): PhoneNumberResource => ({
  ...presentNumberListed(row),
  trunk_id: row.trunk_id,
  label: row.label,
  note: row.note,
  tags: row.tags,
  agents: row.agents,
});
