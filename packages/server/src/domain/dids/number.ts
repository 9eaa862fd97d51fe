import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  parsePhoneNumberFromString,
  type PhoneNumber,
} from 'libphonenumber-js/max';
import type { FieldErrors } from '../../kernel/errors.ts';

/**
 * ISO 3166-1 alpha-2. The metadata adds AC and TA (not ISO) and lacks the seven territories that have
 * no calling code; XK (Kosovo, user-assigned) stays, since nobody else may register a +383 number.
 */
const NOT_ISO: ReadonlySet<string> = new Set(['AC', 'TA']);
const WITHOUT_CALLING_CODE: ReadonlySet<string> = new Set(['AQ', 'BV', 'TF', 'HM', 'PN', 'GS', 'UM']);
const COUNTRIES: ReadonlySet<string> = new Set([
  ...getCountries().filter((country) => !NOT_ISO.has(country)),
  ...WITHOUT_CALLING_CODE,
]);

const STRICT_E164 = /^\+[1-9]\d{6,14}$/;
const NATIONAL_HINT_MAX = 40;

/** A DID that passed every rule. */
export type DidNumber = {
  /** E.164 as parsed: a Brazilian trunk zero is gone, for example. */
  number: string;
  /** Upper case; the caller's where several countries share the calling code. */
  countryCode: string;
  /** National format, e.g. `(555) 123-4567`. */
  formatted: string;
};

export type DidNumberResult =
  | { ok: true; value: DidNumber }
  | { ok: false; errors: FieldErrors; details?: { suggestion: { number: string } } };

/** Never extracts a number from surrounding text: `tel:` and the like are the caller's to remove. */
const parse = (text: string, defaultCountry?: CountryCode): PhoneNumber | undefined =>
  parsePhoneNumberFromString(text, defaultCountry ? { extract: false, defaultCountry } : { extract: false });

/** The ISO code in upper case, or undefined when it is none. */
export function normalizeCountry(countryCode: string): string | undefined {
  const upper = countryCode.toUpperCase();
  return COUNTRIES.has(upper) ? upper : undefined;
}

/**
 * The rules of a DID. Possible is enough, valid is never required: test ranges, drama numbers and
 * ranges opened last week are real numbers to the carrier that sold them.
 * All problems of both fields come back at once.
 */
export function checkDidNumber(countryCode: string, number: string): DidNumberResult {
  const country = normalizeCountry(countryCode);
  const errors: FieldErrors = {};
  if (country === undefined) errors.country_code = ['The selected country code is invalid.'];

  if (!STRICT_E164.test(number)) {
    errors.number = [
      'The number must be in E.164 format: + and 7 to 15 digits, without spaces (for example +15551234567).',
    ];
    const suggestion = suggestE164(number, country);
    return suggestion
      ? { ok: false, errors, details: { suggestion: { number: suggestion } } }
      : { ok: false, errors };
  }
  const parsed = parse(number);
  if (!parsed?.isPossible() || parsed.ext) {
    errors.number = [impossibleSentence(parsed)];
    return { ok: false, errors };
  }
  const mismatch = country && callingCodeMismatch(country, parsed);
  if (mismatch) errors.country_code = [mismatch];
  if (country === undefined || mismatch) return { ok: false, errors };
  return {
    ok: true,
    value: { number: parsed.number, countryCode: country, formatted: parsed.formatNational() },
  };
}

const impossibleSentence = (parsed: PhoneNumber | undefined): string =>
  parsed
    ? `The number has a length that no number under +${parsed.countryCallingCode} has.`
    : 'The number starts with no country calling code that exists.';

/** Compares calling codes, not countries: US and CA, GB and GG, RU and KZ share theirs. */
function callingCodeMismatch(country: string, parsed: PhoneNumber): string | undefined {
  // +800, +883 and the like belong to no country: any may hold them.
  if (parsed.isNonGeographic()) return undefined;
  if (WITHOUT_CALLING_CODE.has(country)) {
    return `The country code ${country} has no calling code, but the number has +${parsed.countryCallingCode}.`;
  }
  const expected = getCountryCallingCode(country as CountryCode);
  if (expected === parsed.countryCallingCode) return undefined;
  return `The country code ${country} has calling code +${expected}, but the number has +${parsed.countryCallingCode}.`;
}

/** The E.164 form that the caller probably meant, where one can be derived. */
export function suggestE164(text: string, country: string | undefined): string | undefined {
  const trimmed = text.trim().replace(/^(tel|sips?):/i, '');
  if (trimmed.length === 0 || trimmed.length > NATIONAL_HINT_MAX) return undefined;
  const international = trimmed.replace(/^00(?=[1-9])/, '+');
  const usable = country && !WITHOUT_CALLING_CODE.has(country) ? (country as CountryCode) : undefined;
  // 15551234567: the plus was forgotten. Believed only when the result fits the country given.
  const candidates = [parse(international, usable), parse(`+${international}`)];
  const found = candidates.find(
    (candidate) => candidate?.isPossible() && (!usable || !callingCodeMismatch(usable, candidate)),
  );
  return found?.number;
}

/** National format of a stored number, e.g. `(555) 123-4567`. */
export const formatNational = (e164: string): string => parse(e164)?.formatNational() ?? e164;

/** `formatNational` beside the spaced international format, from one parse. */
export function formatBoth(e164: string): { national: string; international: string } {
  const parsed = parse(e164);
  return {
    national: parsed?.formatNational() ?? e164,
    international: parsed?.formatInternational() ?? e164,
  };
}
