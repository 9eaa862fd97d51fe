import type { Command } from 'commander';
import type { Finding } from '@tronco/server/maintenance';
import { EXIT } from '../exit-codes.ts';
import { printerFor } from '../session.ts';

const MARKS: Record<Finding['state'], string> = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' };

export function register(command: Command): void {
  command
    .description(
      'Check everything that a server on this machine needs, with the same environment variables, and say what to do. Exit code 1 when something fails.',
    )
    .action(async (_options: object, command: Command) => {
      const print = printerFor(command);
      const { diagnose } = await import('@tronco/server/maintenance');
      const findings: Finding[] = [];
      for await (const finding of diagnose(process.env)) {
        findings.push(finding);
        print.line(`${MARKS[finding.state]}  ${finding.subject}: ${finding.message}`);
        if (finding.fix !== undefined) print.line(`      ${finding.fix}`);
      }
      if (print.json) print.record(findings);
      if (findings.some(({ state }) => state === 'fail')) process.exitCode = EXIT.failed;
    });
}
