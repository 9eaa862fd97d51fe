// Media directions and hold (RFC 3264 §5.1, §6.1, §8.4).
import type { Direction } from './description.ts';

const sends = (direction: Direction): boolean => direction === 'sendrecv' || direction === 'sendonly';
const receives = (direction: Direction): boolean => direction === 'sendrecv' || direction === 'recvonly';

function directionOf(sending: boolean, receiving: boolean): Direction {
  if (sending) return receiving ? 'sendrecv' : 'sendonly';
  return receiving ? 'recvonly' : 'inactive';
}

/** The same stream seen from the other end. */
export function mirrorDirection(direction: Direction): Direction {
  return directionOf(receives(direction), sends(direction));
}

/** What both allow. */
export function intersectDirections(a: Direction, b: Direction): Direction {
  return directionOf(sends(a) && sends(b), receives(a) && receives(b));
}

/** Without the sending half: for a peer whose address is a black hole. */
export function withoutSending(direction: Direction): Direction {
  return directionOf(false, receives(direction));
}

export function canSend(direction: Direction): boolean {
  return sends(direction);
}

export function canReceive(direction: Direction): boolean {
  return receives(direction);
}

/**
 * The direction to offer when we put the call on hold. With music the stream stays sendonly, but one that the peer
 * already holds was recvonly for us and becomes inactive (RFC 3264 §8.4).
 */
export function holdDirection(current: Direction, withMusic: boolean): Direction {
  return withMusic && sends(current) ? 'sendonly' : 'inactive';
}
