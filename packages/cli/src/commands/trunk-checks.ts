import type { SipTrunkVerificationStage } from '@tronco/sdk';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes.ts';
import { findTrunkId } from '../find.ts';
import type { Columns, Printer } from '../output.ts';
import { openSession } from '../session.ts';

const COLUMNS: Columns<SipTrunkVerificationStage> = {
  stage: (row) => row.name,
  result: (row) => (row.skipped ? 'skipped' : row.ok ? 'ok' : 'failed'),
  ms: (row) => row.duration_ms,
  code: (row) => row.code,
  detail: (row) => row.detail,
};

export function registerChecks(command: Command): void {
  command
    .command('verify <trunk>')
    .description('speak to the carrier with the stored credentials, and show stage by stage what came of it')
    .action(async (reference: string, _options: object, command: Command) => {
      const session = await openSession(command);
      const trunk_id = await findTrunkId(session, reference);
      const { api, print, signal } = session;
      const { data } = await api.verifySipTrunk({ path: { trunk_id }, signal });
      if (print.json) print.record(data);
      else printStages(print, data.stages);
      if (data.is_verified) return print.line('Verified.');
      print.line(`Not verified: ${data.error}`);
      process.exitCode = EXIT.failed;
    });

  command
    .command('health <trunk>')
    .description('look whether the carrier answers; changes neither verified nor active')
    .action(async (reference: string, _options: object, command: Command) => {
      const session = await openSession(command);
      const trunk_id = await findTrunkId(session, reference);
      const { api, print, signal } = session;
      const { data } = await api.getSipTrunkHealth({ path: { trunk_id }, signal });
      print.record(data);
      if (!data.is_healthy) process.exitCode = EXIT.failed;
    });
}

function printStages(print: Printer, stages: readonly SipTrunkVerificationStage[]): void {
  print.table(stages, COLUMNS);
  for (const { name, fix } of stages) if (fix !== null) print.line(`What to do about ${name}: ${fix}`);
}
