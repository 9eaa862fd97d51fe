/** Documented in `tronco --help`. */
export const EXIT = { done: 0, failed: 1, usage: 2, unreachable: 3, interrupted: 130 } as const;

/** A command that cannot be carried out as it was given; its message is for a person. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly advice: string | undefined;

  constructor(message: string, advice?: string) {
    super(message);
    this.advice = advice;
  }
}

/** Ctrl-C, or a signal that asks to stop. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
