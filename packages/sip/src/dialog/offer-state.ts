import { decideIncomingOffer, type IncomingOfferDecision } from '../sdp/glare.ts';

type Side = 'none' | 'local' | 'remote';

/** Who has an offer, and who an INVITE, under way in a dialog (RFC 3261 §14, RFC 3311 §5, RFC 6337 §2.3). */
export class OfferState {
  /** Whose offer waits for its answer. */
  offer: Side = 'none';
  /** Whose INVITE waits for its final response. */
  invite: Side = 'none';
  /** Our 2xx waits for its ACK. */
  awaitsAck = false;

  /** §14.1: no new INVITE or offer before the last one is over. */
  get mayOffer(): boolean {
    return this.offer === 'none' && this.invite === 'none' && !this.awaitsAck;
  }

  /** RFC 3311 §5.1: an UPDATE with an offer may go out while an INVITE is under way, if no offer is. */
  get mayUpdate(): boolean {
    return this.offer === 'none';
  }

  /**
   * §14.2. A 2xx that waits for its ACK does not count: that ACK may be lost, and the peer, who has sent it, is
   * right to go on (RFC 5407 §3.1.4).
   */
  decideInvite(random: () => number): IncomingOfferDecision {
    const localPending = this.offer === 'local' || this.invite === 'local';
    const remotePending = this.offer === 'remote' || this.invite === 'remote';
    return decideIncomingOffer({ localPending, remotePending }, random);
  }

  /** RFC 3311 §5.2 */
  decideUpdate(random: () => number): IncomingOfferDecision {
    return decideIncomingOffer(
      { localPending: this.offer === 'local', remotePending: this.offer === 'remote' },
      random,
    );
  }
}
