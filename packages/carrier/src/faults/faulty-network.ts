import type { DatagramPort } from '@tronco/sip';
import { FaultyDatagrams, type FaultyDatagramsInit, type FateCounts } from '@tronco/sip/testing';
import type { CarrierFaults } from './faults.ts';

/** A network under every UDP listener that can be made a bad one at any time. */
export class FaultyNetwork {
  private readonly ports: FaultyDatagrams[] = [];
  private readonly init: FaultyDatagramsInit;

  constructor(seed: number, faults: () => CarrierFaults) {
    this.init = {
      seed,
      get sending() {
        return faults().datagrams?.sending;
      },
      get receiving() {
        return faults().datagrams?.receiving;
      },
    };
  }

  wrap(port: DatagramPort): DatagramPort {
    const faulty = new FaultyDatagrams(port, this.init);
    this.ports.push(faulty);
    return faulty;
  }

  /** Lets through what a reordering still holds back. */
  flush(): void {
    for (const port of this.ports) port.flush();
  }

  counts(): FateCounts {
    const sum: FateCounts = { pass: 0, drop: 0, duplicate: 0, reorder: 0, delay: 0 };
    for (const { counts } of this.ports) {
      for (const fate of Object.keys(sum) as (keyof FateCounts)[]) sum[fate] += counts[fate];
    }
    return sum;
  }
}
