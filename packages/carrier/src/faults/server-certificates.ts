import type { Credentials } from '@tronco/sip';
import { issueCertificate } from '@tronco/sip/testing';

const HOUR_MS = 3_600_000;

/** The certificate of the TLS listeners, and its twin that has expired. */
export class ServerCertificates {
  /** PEM. Undefined when the certificate was given. */
  readonly authority: string | undefined;
  private readonly good: Credentials;
  private readonly expired: Credentials;

  /** `hosts` are the addresses that both must prove. */
  constructor(hosts: readonly string[], given: Credentials | undefined) {
    const issuer = issueCertificate({ commonName: 'Tronco Carrier Authority', isAuthority: true });
    const own = { commonName: hosts[0] ?? 'localhost', names: hosts };
    this.authority = given === undefined ? issuer.certificate : undefined;
    this.good = given ?? issueCertificate(own, issuer);
    const validFrom = new Date(Date.now() - 48 * HOUR_MS);
    const validTo = new Date(Date.now() - HOUR_MS);
    this.expired = issueCertificate({ ...own, validFrom, validTo }, issuer);
  }

  choose(expired: boolean): Credentials {
    const { certificate, privateKey, passphrase } = expired ? this.expired : this.good;
    return { certificate, privateKey, passphrase };
  }
}
