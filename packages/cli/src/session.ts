import type { TroncoApi } from '@tronco/sdk';
import type { Command } from 'commander';
import { Interrupted } from './exit-codes.ts';
import { createPrinter, type Printer } from './output.ts';
import { type Flags, readSettings, type Settings } from './settings.ts';

/** What a command works with: the API as the caller, and where the answer goes. */
export type Session = {
  api: TroncoApi;
  settings: Settings;
  print: Printer;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
};

export const printerFor = (command: Command): Printer =>
  createPrinter(command.optsWithGlobals<{ json?: boolean }>().json === true);

/** @throws UsageError when it is not clear which server or whose token is meant */
export async function openSession(command: Command): Promise<Session> {
  const settings = await readSettings(command.optsWithGlobals<Flags>(), process.env);
  const { createTronco } = await import('@tronco/sdk');
  const api = createTronco({
    baseUrl: settings.url,
    token: settings.token,
    environment: settings.environment,
  });
  return { api, settings, print: printerFor(command), signal: interruption() };
}

function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      controller.abort(new Interrupted(name));
      // A second time, the person means it.
      process.once(name, () => process.exit(130));
    });
  }
  return controller.signal;
}
