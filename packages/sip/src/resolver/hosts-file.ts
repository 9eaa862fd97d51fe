import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { bareHost } from '../transport/addresses.ts';

/** Read again when it is older than this; a hosts file has no TTL. */
const KEEP_MS = 5_000;

/** Names that the machine's own hosts file knows: containers and laboratories name their peers there. */
export class HostsFile {
  private readonly path: string;
  private entries: ReadonlyMap<string, readonly string[]> = new Map();
  private readMs = Number.NEGATIVE_INFINITY;

  constructor(path = '/etc/hosts') {
    this.path = path;
  }

  /** Addresses of that family, in the file's order; empty when the file or the name is not there. */
  async find(name: string, family: 4 | 6): Promise<readonly string[]> {
    const now = performance.now();
    if (now - this.readMs > KEEP_MS) {
      this.readMs = now;
      this.entries = parseHosts(await readFile(this.path, 'utf8').catch(() => ''));
    }
    return (this.entries.get(bareHost(name)) ?? []).filter((address) => isIP(address) === family);
  }
}

export function parseHosts(text: string): ReadonlyMap<string, readonly string[]> {
  const entries = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...names] = (line.split('#')[0] ?? '').trim().split(/\s+/);
    if (isIP(address) === 0) continue;
    for (const name of names) {
      const key = bareHost(name);
      const known = entries.get(key);
      if (known === undefined) entries.set(key, [address]);
      else known.push(address);
    }
  }
  return entries;
}
