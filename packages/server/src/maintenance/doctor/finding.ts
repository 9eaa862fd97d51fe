export type Finding = {
  state: 'ok' | 'warn' | 'fail';
  /** What was looked at, e.g. `database`. */
  subject: string;
  /** What was found. */
  message: string;
  /** What to do about it; present unless all is well. */
  fix?: string;
};

export const ok = (subject: string, message: string): Finding => ({ state: 'ok', subject, message });

export const warn = (subject: string, message: string, fix: string): Finding => ({
  state: 'warn',
  subject,
  message,
  fix,
});

export const fail = (subject: string, message: string, fix: string): Finding => ({
  state: 'fail',
  subject,
  message,
  fix,
});

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
