import { NameAddr } from '../message/headers/name-addr.ts';
import type { Params } from '../message/params.ts';
import type { SipUri } from '../message/uri/sip-uri.ts';
import type { Uri } from '../message/uri/uri.ts';

export interface RoutedRequest {
  readonly uri: Uri;
  readonly routes: readonly NameAddr[];
  readonly nextHop: SipUri | undefined;
}

/** Request-URI, Route and first hop for a target behind a route set (RFC 3261 §12.2.1.1, §8.1.2). */
export function routeRequest(target: Uri, routeSet: readonly NameAddr[]): RoutedRequest {
  const first = routeSet[0];
  if (first === undefined) return { uri: bare(target), routes: [], nextHop: sipOf(target) };
  const firstUri = first.uri;
  if (firstUri.kind !== 'sip' || firstUri.lr) {
    return { uri: bare(target), routes: routeSet, nextHop: sipOf(firstUri) };
  }
  // A strict router of RFC 2543 wants to find itself in the Request-URI and the target at the end of the route.
  const routes = [...routeSet.slice(1), new NameAddr(target)];
  return { uri: bare(firstUri), routes, nextHop: firstUri };
}

const sipOf = (uri: Uri): SipUri | undefined => (uri.kind === 'sip' ? uri : undefined);

/** §19.1.1, table 1: neither headers nor a method parameter may stand in a Request-URI. */
function bare(uri: Uri): Uri {
  if (uri.kind !== 'sip' || (uri.rawHeaders === undefined && !uri.params.has('method'))) return uri;
  const params: Params = uri.params.without('method');
  return uri.with({ headers: undefined, params });
}
