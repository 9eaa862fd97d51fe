import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { type TestPostgres, testPostgres } from '../../../server/src/testing/postgres.ts';
import { removeDirectory, scratchDirectory, type Server, startServer, tronco } from './tronco.ts';

export type Options = { env?: Record<string, string>; input?: string };

export const TRUNK = [
  '--provider', 'carrier-x', '--domain', 'sip.carrier-x.com', '--username', 'user_42',
]; // prettier-ignore

/** A server for the tests of one file, and the command run with its own credentials, as its operator would. */
export function commandLine() {
  let postgres: TestPostgres;
  let server: Server;
  let dataDir: string;
  let counter = 0;

  before(async () => {
    postgres = await testPostgres();
    const { host, port, user, database } = await postgres.empty();
    dataDir = await scratchDirectory();
    server = await startServer(dataDir, {
      DATABASE_URL: `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`,
    });
  });
  after(async () => {
    await server.stop();
    await postgres.stop();
    await removeDirectory(dataDir);
  });

  const run = (args: string[], { env, ...rest }: Options = {}) =>
    tronco(args, { ...rest, env: { TRONCO_DATA_DIR: dataDir, ...env } });

  async function ok(args: string[], options: Options = {}): Promise<string> {
    const { code, stdout, stderr } = await run(args, options);
    assert.equal(code, 0, `${args.join(' ')}\n${stderr}`);
    return stdout;
  }

  // eslint-disable-next-line typescript/no-explicit-any
  const json = async (args: string[], options: Options = {}): Promise<any> =>
    JSON.parse(await ok([...args, '--json'], options));

  /** An environment of its own for one test. */
  async function environment(): Promise<{ env: { TRONCO_ENVIRONMENT: string } }> {
    const name = `env-${(counter += 1)}`;
    await ok(['env', 'create', name]);
    return { env: { TRONCO_ENVIRONMENT: name } };
  }

  async function trunk(name: string, options: Options): Promise<string> {
    const args = ['trunk', 'create', '--name', name, ...TRUNK, '--password', 'secret'];
    return (await json(args, options)).id;
  }

  return { run, ok, json, environment, trunk, dataDir: () => dataDir, server: () => server };
}
