import type { Command } from 'commander';
import { local } from '../local.ts';
import { printerFor } from '../session.ts';

export function register(command: Command): void {
  command
    .description(
      'Bring the database to this release’s schema: DATABASE_URL, or the embedded one in TRONCO_DATA_DIR. The server does the same when it starts.',
    )
    .action(async (_options: object, command: Command) => {
      const print = printerFor(command);
      const { migrateDatabase } = await import('@tronco/server/maintenance');
      const { applied } = await local(() => migrateDatabase(process.env));
      if (print.json) print.record({ applied });
      else if (applied.length === 0) print.line('Nothing to do: the schema is current.');
      else for (const name of applied) print.line(`applied ${name}`);
    });
}
