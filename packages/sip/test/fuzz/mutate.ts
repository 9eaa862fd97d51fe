/** A small generator (mulberry32): the same seed gives the same messages on every machine. */
export function makeRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Random = (below: number) => number;

/** Octets with a meaning somewhere in the grammar: they break more than random ones do. */
const SPICE = Buffer.from('\r\n \t"\\<>;,:=@?&%/*[]()\0\x7f\xff\xc3-09aZ', 'latin1');

const LINE_ENDS = ['\r\n', '\r\n\r\n', '\r\n ', '\n', '\r'];
const MARKS = [';;', ',,', '<<', '>', '"', '\\', '%00', '%', '[::', '*', ': ', '()()((((', ';a=b'];
const WORDS = ['SIP/2.0', 'sip:', '99999999999999999999', '\u00e9', '\ufeff', 'a'.repeat(300)];
const LINES = ['Via: SIP/2.0/UDP h', 'Contact: *', 'l: 4294967296', 'Content-Length: -1', 'CSeq: 1 A'];
const SNIPPETS = [LINE_ENDS, MARKS, WORDS, LINES.map((line) => `\r\n${line}`)]
  .flat()
  .map((text) => Buffer.from(text));

/** One message with up to eight edits: octets changed, removed, doubled, spliced in from another sample. */
export function mutate(source: Buffer, other: Buffer, random: Random): Buffer {
  let bytes = Buffer.from(source);
  for (let edits = 1 + random(random(2) === 0 ? 8 : 2); edits > 0 && bytes.length > 0; edits--)
    bytes = edit(bytes, other, random);
  return bytes;
}

function edit(bytes: Buffer, other: Buffer, random: Random): Buffer<ArrayBuffer> {
  const at = random(bytes.length);
  const length = Math.min(bytes.length - at, 1 + random(random(4) === 0 ? 400 : 12));
  const head = bytes.subarray(0, at);
  const tail = bytes.subarray(at);
  switch (random(8)) {
    case 0:
      return Buffer.concat([head, bytes.subarray(at + length)]);
    case 1:
      return Buffer.concat([head, bytes.subarray(at, at + length), tail]);
    case 2:
      return Buffer.concat([head, SNIPPETS[random(SNIPPETS.length)] ?? SPICE, tail]);
    case 3: {
      const from = random(Math.max(1, other.length));
      return Buffer.concat([head, other.subarray(from, from + length), bytes.subarray(at + length)]);
    }
    case 4:
      return Buffer.from(head);
    default: {
      const copy = Buffer.from(bytes);
      copy[at] = random(3) === 0 ? random(256) : (SPICE[random(SPICE.length)] ?? 0);
      return copy;
    }
  }
}
