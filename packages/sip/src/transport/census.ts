import type { TransportLimits } from './limits.ts';

/** Counts connections, ours and theirs, and says when there are enough. */
export class ConnectionCensus {
  private readonly limits: TransportLimits;
  private readonly bySource = new Map<string, number>();
  private total = 0;

  constructor(limits: TransportLimits) {
    this.limits = limits;
  }

  get count(): number {
    return this.total;
  }

  /** False when one more would be too many; else it is counted until `leave`. */
  enter(remoteAddress: string): boolean {
    const own = this.bySource.get(remoteAddress) ?? 0;
    if (this.total >= this.limits.maxConnections || own >= this.limits.maxConnectionsPerSource) return false;
    this.total += 1;
    this.bySource.set(remoteAddress, own + 1);
    return true;
  }

  leave(remoteAddress: string): void {
    const own = this.bySource.get(remoteAddress) ?? 0;
    this.total -= 1;
    if (own <= 1) this.bySource.delete(remoteAddress);
    else this.bySource.set(remoteAddress, own - 1);
  }
}
