import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  type MetadataJson,
  parsePhoneNumberFromString,
  type PhoneNumber,
} from 'libphonenumber-js/core';
import maxMetadata from 'libphonenumber-js/metadata.max';
import type { FieldErrors } from '../../kernel/errors.ts';

/**
 * The library's /max metadata, but +1 names one country instead of 25. They share one numbering plan,
 * nothing here asks which of them a number is in, and telling them apart is three quarters of a parse.
 */
const metadata: MetadataJson = {
  ...maxMetadata,
  country_calling_codes: { ...maxMetadata.country_calling_codes, '1': ['US'] },
};

/**
 * ISO 3166-1 alpha-2. The metadata adds AC and TA (not ISO) and lacks the seven territories that have
 * no calling code; XK (Kosovo, user-assigned) stays, since nobody else may register a +383 number.
 */
const NOT_ISO: ReadonlySet<string> = new Set(['AC', 'TA']);
const WITHOUT_CALLING_CODE: ReadonlySet<string> = new Set(['AQ', 'BV', 'TF', 'HM', 'PN', 'GS', 'UM']);
const COUNTRIES: ReadonlySet<string> = new Set([
  ...getCountries(maxMetadata).filter((country) => !NOT_ISO.has(country)),
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
const parseWith = (text: string, meta: MetadataJson, defaultCountry?: CountryCode): PhoneNumber | undefined =>
  parsePhoneNumberFromString(
    text,
    defaultCountry ? { extract: false, defaultCountry } : { extract: false },
    meta,
  );

/** The library's verdict on an international number. */
function parse(text: string): PhoneNumber | undefined {
  const quick = parseWith(text, metadata);
  // Canada's seven-digit 310 numbers are possible only once the country is known.
  if (quick?.countryCallingCode !== '1' || quick.isPossible()) return quick;
  return parseWith(text, maxMetadata);
}

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
  const parsed = parseSettled(number);
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

/**
 * A number to be called, as opposed to one to be held: strict E.164 is enough, since the contract's own
 * examples (+1234567890) are numbers that no plan knows. A possible one comes back as parsed.
 */
export function normalizeTarget(number: string): string | undefined {
  if (!STRICT_E164.test(number)) return undefined;
  const parsed = parseSettled(number);
  return parsed?.isPossible() && !parsed.ext ? parsed.number : number;
}

/**
 * Parsing may remove a trunk zero. What remains must parse to itself, or the number would change again
 * each time it is read: +55 00 … is no number, however often its zeros are peeled off.
 */
function parseSettled(number: string): PhoneNumber | undefined {
  const parsed = parse(number);
  if (!parsed || parsed.number === number) return parsed;
  const again = parse(parsed.number);
  return again?.number === parsed.number ? again : undefined;
}

const impossibleSentence = (parsed: PhoneNumber | undefined): string =>
  parsed
    ? `The number has a length that no number under +${parsed.countryCallingCode} has.`
    : 'The number has no country calling code that exists, or a prefix that is not part of E.164 after it.';

/** Compares calling codes, not countries: US and CA, GB and GG, RU and KZ share theirs. */
function callingCodeMismatch(country: string, parsed: PhoneNumber): string | undefined {
  // +800, +883 and the like belong to no country: any may hold them.
  if (parsed.isNonGeographic()) return undefined;
  if (WITHOUT_CALLING_CODE.has(country)) {
    return `The country code ${country} has no calling code, but the number has +${parsed.countryCallingCode}.`;
  }
  const expected = getCountryCallingCode(country as CountryCode, maxMetadata);
  if (expected === parsed.countryCallingCode) return undefined;
  return `The country code ${country} has calling code +${expected}, but the number has +${parsed.countryCallingCode}.`;
}

/** The E.164 form that the caller probably meant, where one can be derived. */
export function suggestE164(text: string, country: string | undefined): string | undefined {
  const trimmed = text.trim().replace(/^(tel|sips?):/i, '');
  if (trimmed.length === 0 || trimmed.length > NATIONAL_HINT_MAX) return undefined;
  const international = trimmed.replace(/^00(?=[1-9])/, '+');
  const usable = country && !WITHOUT_CALLING_CODE.has(country) ? (country as CountryCode) : undefined;
  // 15551234567: the plus was forgotten. Believed only when the result would be accepted.
  const candidates = [parseWith(international, maxMetadata, usable), parse(`+${international}`)];
  return candidates.find((candidate) => candidate && isAcceptable(candidate.number, country))?.number;
}

function isAcceptable(e164: string, country: string | undefined): boolean {
  const parsed = STRICT_E164.test(e164) ? parseSettled(e164) : undefined;
  if (!parsed?.isPossible()) return false;
  return country === undefined || callingCodeMismatch(country, parsed) === undefined;
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
