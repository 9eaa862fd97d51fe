import type { Language } from '../languages.ts';

type ErrorText = {
  /** One sentence: what the code says. */
  meaning: string;
  /** When it is answered. */
  cause: string;
  /** What the reader does about it. */
  remedy: string;
};

/** The page of one error code. Markdown is allowed; links are relative to `docs/<language>/errors/`. */
export type ErrorGuide = Record<Language, ErrorText>;
