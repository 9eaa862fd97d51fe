type Write = (fields: Record<string, unknown>, message: string) => void;

/** What the embedded PostgreSQL needs of a logger; pino's fits. */
export type EmbeddedLog = { readonly info: Write; readonly warn: Write; readonly error: Write };
