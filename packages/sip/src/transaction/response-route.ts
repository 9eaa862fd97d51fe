import type { Via } from '../message/headers/via.ts';
import type { Destination, Flow, SendCallback, Transport } from '../transport/transport.ts';

const DEFAULT_PORT = 5060;
const DEFAULT_TLS_PORT = 5061;

/**
 * Where a response goes when not back over its flow (RFC 3261 §18.2.2, RFC 3581 §4). `maddr` is left out: it would
 * let a stranger choose whom we send to.
 */
export function responseDestination(via: Via, flow: Flow): Destination {
  const { protocol, remoteAddress: address, localAddress, localPort } = flow;
  const fallback = protocol === 'TLS' ? DEFAULT_TLS_PORT : DEFAULT_PORT;
  const port = via.port === undefined || via.port === 0 ? fallback : via.port;
  if (flow.reliable) return { protocol, address, port };
  return { protocol, address, port, localAddress, localPort };
}

/** Sends a response: back over its connection, to a new one when that is gone; by rport or the sent-by port on UDP. */
export function sendResponse(
  transport: Transport,
  flow: Flow,
  via: Via,
  bytes: Buffer,
  done?: SendCallback,
): void {
  const destination = responseDestination(via, flow);
  if (!flow.reliable) {
    if (via.wantsRport || destination.port === flow.remotePort) transport.sendOnFlow(flow, bytes, done);
    else transport.sendTo(destination, bytes, done);
    return;
  }
  transport.sendOnFlow(flow, bytes, (result) => {
    if (result.ok || result.error.code !== 'closed') done?.(result);
    else transport.sendTo(destination, bytes, done);
  });
}
