import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { allowHeader, contactHeader, SipHeaders, supportedHeader } from '../../src/index.ts';

describe('the header container', () => {
  test('finds names in any case and compact form, keeps order and spelling', () => {
    const headers = SipHeaders.of([
      ['v', 'SIP/2.0/UDP a'],
      ['X-One', '1'],
      ['VIA', 'SIP/2.0/UDP b'],
      ['SUBJECT', ''],
    ]);
    assert.deepEqual(headers.all('Via'), ['SIP/2.0/UDP a', 'SIP/2.0/UDP b']);
    assert.equal(headers.count('via'), 2);
    assert.equal(headers.first('s'), '');
    assert.equal(headers.first('x-ONE'), '1');
    assert.equal(headers.first('None'), undefined);
    assert.deepEqual(
      [...headers].map((line) => line.name),
      ['v', 'X-One', 'VIA', 'SUBJECT'],
    );
  });

  test('edits keep the place of a header and forget what was parsed', () => {
    const headers = SipHeaders.of([
      ['A', '1'],
      ['Allow', 'INVITE'],
      ['B', '2'],
      ['Allow', 'ACK'],
    ]);
    assert.deepEqual(headers.values(allowHeader), ['INVITE', 'ACK']);
    headers.set('allow', 'BYE', 'INFO');
    assert.deepEqual(headers.values(allowHeader), ['BYE', 'INFO']);
    assert.deepEqual(
      [...headers].map((line) => line.value),
      ['1', 'BYE', 'INFO', '2'],
    );
    headers.prepend('B', '0');
    headers.remove('A');
    headers.putAll(supportedHeader, ['timer']);
    assert.deepEqual(
      [...headers].map((line) => line.value),
      ['BYE', 'INFO', '0', '2', 'timer'],
    );
  });

  test('a typed value is parsed once', () => {
    const headers = SipHeaders.of([['Contact', '<sip:a@h>']]);
    assert.equal(headers.readAll(contactHeader), headers.readAll(contactHeader));
  });

  test('a clone shares nothing', () => {
    const headers = SipHeaders.of([['A', '1']]);
    headers.clone().set('A', '2');
    assert.equal(headers.first('A'), '1');
  });

  test('nothing can be injected', () => {
    const headers = new SipHeaders();
    for (const value of ['a\r\nVia: x', 'a\nb', 'a\rb']) {
      assert.throws(() => headers.append('Subject', value), { name: 'HeaderSyntaxError' });
    }
    for (const name of ['', 'A B', 'A:', 'A\r\n']) {
      assert.throws(() => headers.set(name, 'x'), { name: 'HeaderSyntaxError' });
    }
    assert.equal(headers.size, 0);
  });
});
