import { UsageError } from './exit-codes.ts';

/** Runs what needs the server's own settings and files; its failures are sentences for a person. */
export async function local<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { ConfigError, startFailure } = await import('@tronco/server');
    const message = startFailure(error);
    throw error instanceof ConfigError ? new UsageError(message) : new Error(message, { cause: error });
  }
}
