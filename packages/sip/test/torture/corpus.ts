import { readFileSync } from 'node:fs';

/**
 * The messages of RFC 4475, kept in the notation of its §2: `<allOneLine>` joins lines that were broken to fit
 * the page, `<hex>` gives octets, `<repeat count=N>` repeats. Every line of a file ends in CRLF on the wire.
 */
export function tortureMessage(name: string): Buffer {
  const path = new URL(`messages/${name}.txt`, import.meta.url);
  const lines = readFileSync(path, 'utf8').replaceAll('\r\n', '\n').split('\n').slice(0, -1);
  const wire = joinLines(lines).flatMap((line) => [expandLine(line), Buffer.from('\r\n')]);
  return Buffer.concat(wire);
}

function joinLines(lines: readonly string[]): string[] {
  const joined: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (line !== '<allOneLine>' && line !== '<hex>') {
      joined.push(line);
      continue;
    }
    const close = line.replace('<', '</');
    const end = lines.indexOf(close, i);
    const text = lines.slice(i + 1, end).join('');
    joined.push(line === '<hex>' ? `<hex>${text}</hex>` : text);
    i = end;
  }
  return joined;
}

/** Octets as Latin-1 while expanding: a repetition may repeat binary. */
function expandLine(line: string): Buffer {
  const withOctets = line.replaceAll(/<hex>([0-9A-F]*)<\/hex>/gi, (_, digits: string) =>
    Buffer.from(digits, 'hex').toString('latin1'),
  );
  const repeated = withOctets.replaceAll(
    /<repeat count=(\d+)>(.*?)<\/repeat>/g,
    (_, count: string, text: string) => text.repeat(Number(count)),
  );
  return Buffer.from(repeated, 'latin1');
}
