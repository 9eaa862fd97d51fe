import type { SipParseError } from '../message/fault.ts';
import { serializeErrorResponse } from '../message/create-response.ts';
import { createCryptoRandom, newTag } from '../runtime/random.ts';
import { stampSource } from './source.ts';
import type { Flow } from './transport.ts';

export interface FaultAnswer {
  readonly bytes: Buffer;
  /** Where it goes on UDP, at the address the request came from. */
  readonly port: number;
}

/** Answers requests that cannot be parsed, a bounded number a second: strangers decide how many there are. */
export class FaultAnswerer {
  private readonly perSecond: number;
  private readonly random = createCryptoRandom();
  private left: number;
  private refilledMs = performance.now();

  constructor(perSecond: number) {
    this.perSecond = perSecond;
    this.left = perSecond;
  }

  /** Undefined when there must be no answer (RFC 3261 §17.1.1.3), or there have been enough. */
  answer(error: SipParseError, flow: Flow): FaultAnswer | undefined {
    if (!error.answerable || error.via === undefined || !this.takeOne()) return undefined;
    const via = stampSource(error.via, flow.remoteAddress, flow.remotePort);
    const bytes = serializeErrorResponse(error, newTag(this.random), via);
    if (bytes === undefined) return undefined;
    // RFC 3581 §4, else RFC 3261 §18.2.2.
    return { bytes, port: via.wantsRport ? flow.remotePort : (via.port ?? 5060) };
  }

  private takeOne(): boolean {
    const now = performance.now();
    const earned = ((now - this.refilledMs) / 1000) * this.perSecond;
    if (earned >= 1) {
      this.left = Math.min(this.perSecond, this.left + earned);
      this.refilledMs = now;
    }
    if (this.left < 1) return false;
    this.left -= 1;
    return true;
  }
}
