import { spawn } from 'node:child_process';
import { startSharedPostgres } from '../packages/server/src/testing/postgres.ts';

/**
 * `npm test`: one PostgreSQL for the whole run, then node:test over every test file (or those given).
 * Its closing lines are node:test's own counts.
 */
const FILES = ['packages/*/{src,test}/**/*.test.ts', 'tests/**/*.test.ts'];

const postgres = await startSharedPostgres();
const given = process.argv.slice(2);
const child = spawn(process.execPath, ['--test', ...(given.length > 0 ? given : FILES)], {
  stdio: 'inherit',
  env: { ...process.env, ...postgres.env },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
const code = await new Promise<number>((resolve) => {
  child.on('close', (exitCode) => resolve(exitCode ?? 1));
});
await postgres.stop();
process.exitCode = code;
