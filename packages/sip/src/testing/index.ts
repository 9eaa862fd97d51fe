// The door for other packages that test against this stack: a bad network, certificates, DNS, and time that stands.
export { type CertificateInit, issueCertificate, type IssuedCertificate } from './certificates.ts';
export { TestDnsServer, type Zone } from './dns-server.ts';
export { FakeClock } from './fake-clock.ts';
export {
  type DatagramFaults,
  FaultyDatagrams,
  type FaultyDatagramsInit,
  type FateCounts,
  seededRandom,
} from './faulty-datagrams.ts';
