import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { checkDidNumber, formatNational, normalizeCountry, suggestE164 } from './number.ts';

const accepted = (country: string, number: string) => {
  const result = checkDidNumber(country, number);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
};

const refused = (country: string, number: string) => {
  const result = checkDidNumber(country, number);
  assert.ok(!result.ok, `${country} ${number} was accepted`);
  return result;
};

describe('a DID number', () => {
  it('is accepted when possible, although the metadata calls it invalid', () => {
    assert.deepEqual(accepted('US', '+15551234567'), {
      number: '+15551234567',
      countryCode: 'US',
      formatted: '(555) 123-4567',
    });
    assert.equal(accepted('GB', '+447700900123').countryCode, 'GB');
  });

  it('is stored as parsed: the Brazilian trunk zero goes', () => {
    assert.equal(accepted('BR', '+5508001234567').number, '+558001234567');
  });

  it('keeps the caller’s country where a calling code is shared', () => {
    assert.equal(accepted('US', '+14165550123').countryCode, 'US');
    assert.equal(accepted('ca', '+12025550123').countryCode, 'CA');
    assert.equal(accepted('GB', '+447911123456').countryCode, 'GB');
    assert.equal(accepted('JE', '+447911123456').countryCode, 'JE');
    assert.equal(accepted('RU', '+77012345678').countryCode, 'RU');
  });

  it('may belong to no country at all', () => {
    assert.equal(accepted('DE', '+883510001234567').countryCode, 'DE');
    assert.equal(accepted('AQ', '+80012345678').countryCode, 'AQ');
  });

  it('is refused with both calling codes named when the country has another', () => {
    const { errors } = refused('US', '+442079460123');
    assert.match(errors.country_code?.[0] ?? '', /US.*\+1.*\+44/);
    assert.equal(errors.number, undefined);
    assert.match(refused('AQ', '+15551234567').errors.country_code?.[0] ?? '', /AQ.*no calling code.*\+1/);
  });

  it('reports the problems of both fields at once', () => {
    const { errors } = refused('ZZ', 'hello');
    assert.ok(errors.number && errors.country_code);
  });

  it('must be strict E.164', () => {
    const bad = [
      '', ' ', '15551234567', '+1 555 123 4567', '+1-555-123-4567', '(555) 123-4567', '+0155512345', '+123456',
      '+1234567890123456', '911', '190', '+15551234567;ext=45', '+15551234567 x45', 'tel:+15551234567',
      'sip:+15551234567@example.com', '+1555123456７', '+', 'anonymous',
    ]; // prettier-ignore
    for (const number of bad) assert.ok(refused('US', number).errors.number, number);
  });

  it('must have a length that its calling code knows', () => {
    assert.match(refused('US', '+155512345').errors.number?.[0] ?? '', /\+1/);
    assert.match(refused('US', '+999123456789').errors.number?.[0] ?? '', /calling code/);
  });

  it('comes with the E.164 form we would suggest, where one can be derived', () => {
    const suggestion = (country: string, number: string) =>
      refused(country, number).details?.suggestion.number;
    assert.equal(suggestion('US', '(555) 123-4567'), '+15551234567');
    assert.equal(suggestion('US', '15551234567'), '+15551234567');
    assert.equal(suggestion('BR', '11 98765-4321'), '+5511987654321');
    assert.equal(suggestion('GB', '00442079460123'), '+442079460123');
    assert.equal(suggestion('US', 'tel:+1-202-555-0123'), '+12025550123');
    assert.equal(suggestion('US', '911'), undefined);
    assert.equal(suggestion('US', ''), undefined);
    assert.equal(suggestion('US', 'sip:alice@example.com'), undefined);
  });
});

describe('properties of DID numbers', () => {
  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ maxLength: 4 }), (number, country) => {
        checkDidNumber(country, number);
        suggestE164(number, normalizeCountry(country));
        formatNational(number);
      }),
      { numRuns: 2_000 },
    );
  });

  it('decides and formats as the library’s /max metadata does', () => {
    const number = fc.stringMatching(/^\+(1|1|1|55|44|7|290|599|39)\d{6,11}$/);
    fc.assert(
      fc.property(number, (text) => {
        const reference = parsePhoneNumberFromString(text, { extract: false });
        const country = normalizeCountry(reference?.country ?? '') ?? 'US';
        const result = checkDidNumber(country, text);
        // A number whose parse does not settle is refused: see the property below.
        const settled = reference && parsePhoneNumberFromString(reference.number, { extract: false });
        if (!reference?.isPossible() || settled?.number !== reference.number) return;
        assert.equal(formatNational(reference.number), reference.formatNational());
        if (result.ok) assert.equal(result.value.number, reference.number);
        else assert.ok(result.errors.country_code && !result.errors.number, text);
      }),
      { numRuns: 5_000 },
    );
  });

  it('is idempotent: an accepted number is accepted again, unchanged', () => {
    const country = fc.constantFrom('US', 'BR', 'GB', 'DE', 'IT', 'JP', 'KZ');
    const number = fc.stringMatching(/^\+(1|55|44|49|39|81|7)[1-9]\d{6,11}$/);
    fc.assert(
      fc.property(country, number, (code, text) => {
        const first = checkDidNumber(code, text);
        fc.pre(first.ok);
        if (!first.ok) return;
        assert.deepEqual(checkDidNumber(first.value.countryCode, first.value.number), first);
      }),
      { numRuns: 3_000 },
    );
  });

  it('suggests only numbers that it would accept itself', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('US', 'BR', 'GB', 'AQ'),
        fc.stringMatching(/^[+0-9 ()-]{3,18}$/),
        (country, text) => {
          const suggestion = suggestE164(text, country);
          if (suggestion === undefined) return;
          assert.ok(checkDidNumber(country, suggestion).ok, `${text} → ${suggestion}`);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('knows 250 countries: ISO’s 249 and Kosovo', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');
    const all = letters.flatMap((a) => letters.map((b) => a + b)).filter((code) => normalizeCountry(code));
    assert.equal(all.length, 250);
  });
});
