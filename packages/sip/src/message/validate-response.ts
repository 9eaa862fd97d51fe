import { makeFault } from './fault.ts';
import type { SipResponse } from './message.ts';
import { viaHeader } from './headers/via.ts';
import type { ValidationResult } from './validate-request.ts';

/**
 * Checks a response that has been parsed; one that fails is dropped silently. A user agent takes only responses
 * with a single Via: another one was sent on to it by mistake or in bad faith (RFC 3261 §8.1.3.3, RFC 4475
 * §3.3.10).
 */
export function validateResponse(response: SipResponse): ValidationResult {
  const via = response.headers.readAll(viaHeader);
  if (!via.ok)
    return { ok: false, fault: makeFault('malformed-header', 400, via.problem, { header: 'Via' }) };
  if (via.value.length > 1) {
    return { ok: false, fault: makeFault('several-via', 400, 'there is more than one', { header: 'Via' }) };
  }
  for (const key of ['From', 'To', 'Call-ID', 'CSeq']) {
    if (response.headers.count(key) > 1) {
      return {
        ok: false,
        fault: makeFault('duplicate-header', 400, 'it stands more than once', { header: key }),
      };
    }
  }
  return { ok: true };
}
