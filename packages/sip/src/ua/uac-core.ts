import type {
  PendingRequest,
  RequestDraft,
  RequestEvents,
  RequestSender,
  SentAck,
} from '../dialog/request-sender.ts';
import type { SipRequest } from '../message/message.ts';
import type { DatagramLimits } from '../transaction/switch-to-stream.ts';
import type { TransactionLayer } from '../transaction/transaction-layer.ts';
import type { Destination, Flow, Resolver } from '../transport/transport.ts';
import { buildRequest } from './build-request.ts';
import { prefersFlow } from './next-hop.ts';
import { type LookUp, RequestAttempts, type Targets } from './request-attempts.ts';

export interface UacCoreOptions {
  readonly layer: TransactionLayer;
  readonly resolver: Resolver;
  readonly datagrams: DatagramLimits | undefined;
}

/** User agent client core (RFC 3261 §8.1): finds the way for requests. */
export class UacCore implements RequestSender {
  private readonly options: UacCoreOptions;

  constructor(options: UacCoreOptions) {
    this.options = options;
  }

  send(draft: RequestDraft, events: RequestEvents): PendingRequest {
    const { layer, datagrams } = this.options;
    const attempts = new RequestAttempts({ layer, datagrams }, draft, events, this.targetsOf(draft));
    attempts.start();
    return attempts;
  }

  sendAck(draft: RequestDraft): SentAck {
    const { layer } = this.options;
    const { known, lookUp } = this.targetsOf(draft);
    const sequence = draft.nextSequence();
    let last: { readonly request: SipRequest; readonly target: Destination | Flow } | undefined;
    const sendTo = (queue: readonly (Destination | Flow)[], more: Targets['lookUp']): void => {
      const [target, ...others] = queue;
      if (target === undefined) return more === undefined ? undefined : void find(more);
      const routing = { via: layer.viaFor(target), target, sequence, authorization: [] };
      const request = buildRequest(draft, routing);
      last = { request, target };
      layer.send(request, target, (result) => {
        if (!result.ok) sendTo(others, more);
      });
    };
    const find = async (look: NonNullable<Targets['lookUp']>): Promise<void> => {
      const found = await look(new AbortController().signal);
      if (found.ok) sendTo(found.destinations, undefined);
    };
    sendTo(known, lookUp);
    return { resend: () => (last === undefined ? undefined : layer.send(last.request, last.target)) };
  }

  private targetsOf(draft: RequestDraft): Targets {
    const { flow, nextHop } = draft;
    const known = flow !== undefined && prefersFlow(nextHop, flow) ? [flow] : [];
    if (nextHop === undefined) return { known, lookUp: undefined };
    const lookUp = async (signal: AbortSignal): Promise<LookUp> => {
      const found = await this.options.resolver.resolve(nextHop, signal);
      if (found.ok) return found;
      // A Contact that names nothing: the way its owner's messages came is better than none.
      return flow === undefined || known.length > 0 ? found : { ok: true, destinations: [flow] };
    };
    // A datagram over a flow cannot fail in a way that another try would mend.
    return known.length > 0 && flow?.reliable === false ? { known, lookUp: undefined } : { known, lookUp };
  }
}
