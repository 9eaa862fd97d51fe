import type { DialPlan } from './dial-plan.ts';

/** `+12025550100`, `12025550100`, `0012025550100`, or as inside the country of the dial plan. */
export type NumberStyle = '+e164' | 'e164' | '00' | 'national';

export interface NumberFormat {
  readonly style: NumberStyle;
  /** Digits, and `*` or `#`, before the number: how a carrier tells customers behind one address apart. */
  readonly techPrefix?: string | undefined;
}

export type ReadNumber =
  | { readonly ok: true; /** `+` and 7 to 15 digits. */ readonly number: string; readonly style: NumberStyle }
  | { readonly ok: false; readonly detail: string };

const MAX_SHOWN = 40;
/** ITU-T E.164 §6: at most 15 digits, country code included, and no country code begins with 0. */
const E164 = /^\+[1-9]\d{6,14}$/;

export const isE164 = (text: string): boolean => E164.test(text);

/** `number` in that format. Foreign numbers in national format carry the international prefix. */
export function formatNumber(number: string, format: NumberFormat, plan: DialPlan): string {
  return `${format.techPrefix ?? ''}${withStyle(number, format.style, plan)}`;
}

function withStyle(number: string, style: NumberStyle, plan: DialPlan): string {
  const digits = number.slice(1);
  if (style === '+e164') return number;
  if (style === 'e164') return digits;
  if (style === '00') return `00${digits}`;
  const significant = nationalPart(digits, plan);
  return significant === undefined
    ? `${plan.internationalPrefix}${digits}`
    : `${plan.trunkPrefix}${significant}`;
}

/** Undefined for numbers abroad, and for those that could not be told from a prefix. */
function nationalPart(digits: string, plan: DialPlan): string | undefined {
  if (!digits.startsWith(plan.countryCode)) return undefined;
  const significant = digits.slice(plan.countryCode.length);
  if (significant.startsWith('0')) return undefined;
  return plan.nationalLengths.includes(significant.length) ? significant : undefined;
}

/** Reads a number written in one of these formats; the first that fits decides. */
export function readNumber(text: string, formats: readonly NumberFormat[], plan: DialPlan): ReadNumber {
  for (const { style, techPrefix = '' } of formats) {
    if (!text.startsWith(techPrefix)) continue;
    const number = readStyle(text.slice(techPrefix.length), style, plan);
    if (number !== undefined && isE164(number)) return { ok: true, number, style };
  }
  // The text is a stranger's, and may hold line breaks once its escapes are resolved.
  const shown = JSON.stringify(text.slice(0, MAX_SHOWN));
  return { ok: false, detail: `${shown} is not written as ${formats.map(describeFormat).join(' or ')}` };
}

function readStyle(text: string, style: NumberStyle, plan: DialPlan): string | undefined {
  if (style === '+e164') return text;
  if (!/^\d+$/.test(text)) return undefined;
  if (style === 'e164') return `+${text}`;
  if (style === '00') return text.startsWith('00') ? `+${text.slice(2)}` : undefined;
  return readNational(text, plan);
}

function readNational(text: string, plan: DialPlan): string | undefined {
  const { internationalPrefix, trunkPrefix, countryCode, nationalLengths, carrierCodeDigits } = plan;
  if (text.startsWith(internationalPrefix)) return `+${text.slice(internationalPrefix.length)}`;
  const prefixes = [trunkPrefix.length];
  // 0, the carrier's code, then the number.
  if (carrierCodeDigits > 0 && text.startsWith('0')) prefixes.push(1 + carrierCodeDigits, 1);
  if (!text.startsWith(trunkPrefix)) return undefined;
  for (const length of prefixes) {
    const significant = text.slice(length);
    if (nationalLengths.includes(significant.length) && !significant.startsWith('0')) {
      return `+${countryCode}${significant}`;
    }
  }
  return undefined;
}

function describeFormat({ style, techPrefix }: NumberFormat): string {
  const names: Readonly<Record<NumberStyle, string>> = {
    '+e164': '+E.164',
    e164: 'E.164 without +',
    '00': '00 and E.164',
    national: 'a national number',
  };
  return techPrefix === undefined || techPrefix === ''
    ? names[style]
    : `${techPrefix} followed by ${names[style]}`;
}
