import type { ProbeReport, TrunkProbe } from '../domain/trunks/probe.ts';

/** A carrier that nobody has: every test but those of the probe itself must stay off the network. */
export const refusingProbe: TrunkProbe = {
  verify: async () => refusal(),
  check: async () => refusal(),
};

const refusal = (): ProbeReport => ({
  ok: false,
  error: 'Connection refused',
  durationMs: 1,
  stages: [
    {
      name: 'connect',
      ok: false,
      duration_ms: 1,
      code: 'connection_refused',
      detail: 'No test reaches a carrier.',
      fix: 'Give the test a probe.',
    },
  ],
});
