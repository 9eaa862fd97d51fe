import type { SrvRecord } from './dns-client.ts';

/**
 * The order in which SRV records are to be tried (RFC 2782): lower priorities first, and among equal ones by chance in
 * proportion to weight. `unit` gives numbers from 0 up to but not including 1.
 */
export function orderSrv(records: readonly SrvRecord[], unit: () => number): readonly SrvRecord[] {
  const byPriority = new Map<number, SrvRecord[]>();
  for (const record of records) {
    const group = byPriority.get(record.priority);
    if (group === undefined) byPriority.set(record.priority, [record]);
    else group.push(record);
  }
  const priorities = [...byPriority.keys()].sort((a, b) => a - b);
  return priorities.flatMap((priority) => drawAll(byPriority.get(priority) ?? [], unit));
}

function drawAll(group: readonly SrvRecord[], unit: () => number): readonly SrvRecord[] {
  // Weight 0 goes first, so that the running sum gives it a very small chance and not none.
  const left = group.toSorted((a, b) => Number(a.weight > 0) - Number(b.weight > 0));
  const drawn: SrvRecord[] = [];
  while (left.length > 0) {
    const total = left.reduce((sum, { weight }) => sum + weight, 0);
    // A whole number from 0 to the sum, both included.
    const mark = Math.floor(unit() * (total + 1));
    let running = 0;
    const at = left.findIndex(({ weight }) => (running += weight) >= mark);
    drawn.push(...left.splice(at, 1));
  }
  return drawn;
}
