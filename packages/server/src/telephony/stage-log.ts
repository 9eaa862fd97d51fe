import type { ProbeReport, ProbeStage } from '../domain/trunks/probe.ts';
import { errorLine, type Finding, isGood, VERDICTS } from './verdicts.ts';

export type Timed = { finding: Finding; durationMs: number };

export async function timed(work: () => Promise<Finding>): Promise<Timed> {
  const startedMs = performance.now();
  const finding = await work();
  return { finding, durationMs: Math.round(performance.now() - startedMs) };
}

/** Undefined when the signal was faster; the promise is left to itself. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>();
  const abort = (): void => resolve(undefined);
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** The stages of one conversation, in the form in which they are shown. */
export class StageLog {
  readonly #startedMs = performance.now();
  readonly #stages: ProbeStage[] = [];
  readonly #findings: Finding[] = [];

  add(name: ProbeStage['name'], { finding, durationMs }: Timed): void {
    const { code, detail, skipped } = finding;
    this.#findings.push(finding);
    this.#stages.push({
      name,
      ok: isGood(finding),
      ...(skipped && { skipped }),
      duration_ms: durationMs,
      code,
      detail,
      fix: VERDICTS[code]?.fix ?? null,
    });
  }

  /** @param deciding the finding that decides alone; without one, every stage must be good. */
  report(deciding?: Finding): ProbeReport {
    const findings = deciding ? [deciding] : this.#findings;
    const bad = findings.find((finding) => !isGood(finding));
    return {
      ok: bad === undefined,
      error: bad && errorLine(bad),
      stages: this.#stages,
      durationMs: Math.round(performance.now() - this.#startedMs),
    };
  }
}
