/**
 * Hides the middle of a phone number for logs: +15551234567 → +15*****4567.
 * Enough stays to tell two calls apart, too little to dial.
 */
export function maskNumber(number: string): string {
  const digits = number.startsWith('+') ? number.slice(1) : number;
  if (digits.length < 7) return '*'.repeat(number.length);
  const head = number.slice(0, number.length - digits.length + 2);
  return `${head}${'*'.repeat(digits.length - 6)}${digits.slice(-4)}`;
}

const E164_IN_TEXT = /\+\d{7,15}|%2B\d{7,15}/gi;

/** Masks every E.164 number inside a text, URL-encoded plus signs included. */
export const maskNumbersIn = (text: string): string =>
  text.replace(E164_IN_TEXT, (found) =>
    found.startsWith('+') ? maskNumber(found) : `%2B${maskNumber(found.slice(3))}`,
  );
