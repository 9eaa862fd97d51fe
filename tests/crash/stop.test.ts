import assert from 'node:assert/strict';
import { connect as connectSocket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { processesNaming } from '../../packages/server/src/storage/embedded/testing/scratch.ts';
import { mintToken } from '../../packages/server/src/kernel/token-format.ts';
import { TRUNK } from '../../packages/server/src/testing/fixtures.ts';
import { connect } from '../support/client.ts';
import { type DataDirectory, makeDataDirectory, postmasterPid } from '../support/embedded-directory.ts';
import {
  killServer,
  launchServer,
  type RunningServer,
  spokenLines,
  startServer,
  stopServer,
} from '../support/server-process.ts';
import { beginRequest } from '../support/slow-request.ts';
import { until } from '../support/until.ts';

const WELL = { code: 0, signal: null };

describe('stopping and starting again', { timeout: 240_000 }, () => {
  const token = mintToken();
  let directory: DataDirectory;
  beforeEach(async () => {
    directory = await makeDataDirectory();
  });
  afterEach(() => directory[Symbol.asyncDispose]());

  const start = (): Promise<RunningServer> =>
    startServer({ TRONCO_DATA_DIR: directory.path, TRONCO_BOOTSTRAP_TOKEN: token });

  const accepts = (url: string): Promise<boolean> =>
    new Promise((resolve) => {
      const { hostname, port } = new URL(url);
      const socket = connectSocket(Number(port), hostname);
      socket.on('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });

  it('SIGTERM: what is in flight gets its answer, nobody new is let in, and nothing is left running', async () => {
    const server = await start();
    const client = connect(server.url, token);
    const before = await client.send('POST', 'sip-trunks', TRUNK);
    const slow = [
      await beginRequest(server.url, 'sip-trunks', token, { ...TRUNK, name: 'slow 1' }),
      await beginRequest(server.url, 'sip-trunks', token, { ...TRUNK, name: 'slow 2' }),
    ];
    // The kept-alive connection is idle now; both others are in the middle of a request.
    server.signal('SIGTERM');
    await until('the closed door', async () => !(await accepts(server.url)) || undefined);
    for (const request of slow) request.finish();
    for (const request of slow) {
      const answer = await request.answer;
      assert.match(answer, /^HTTP\/1\.1 201 /);
      assert.match(answer, /"success":true/);
    }
    assert.deepEqual(await server.ended, WELL, server.stderr());
    assert.deepEqual(spokenLines(server.stderr()), []);
    assert.equal(await postmasterPid(directory.path), undefined);
    assert.deepEqual(await processesNaming(directory.path), []);
    client.close();

    const again = await start();
    assert.equal(again.firstToken, undefined, 'the token is shown once');
    const reader = connect(again.url, token);
    const { body } = await reader.send('GET', 'sip-trunks');
    assert.deepEqual(
      body.data.map(({ name }: { name: string }) => name).toSorted(),
      [TRUNK.name, 'slow 1', 'slow 2'].toSorted(),
    );
    assert.equal(before.status, 201);
    reader.close();
    assert.deepEqual(await stopServer(again), WELL);
  });

  it('SIGTERM: a client that never finishes its request cannot keep the server from stopping', async () => {
    const server = await start();
    const slow = await beginRequest(server.url, 'sip-trunks', token, TRUNK);
    assert.deepEqual(await stopServer(server), WELL);
    assert.equal(await postmasterPid(directory.path), undefined);
    slow.destroy();
  });

  it('SIGTERM at any moment of a first start leaves nothing behind that the next start stumbles over', async () => {
    for (const delayMs of [150, 300, 500, 800, 1_200, 1_800]) {
      const server = launchServer({ TRONCO_DATA_DIR: directory.path, TRONCO_BOOTSTRAP_TOKEN: token });
      await sleep(delayMs);
      const ending = await stopServer(server);
      // Before its handlers are there, the signal's own effect is what happens.
      assert.ok(
        ending.signal === 'SIGTERM' || ending.code === 0,
        `${JSON.stringify(ending)} ${server.stderr()}`,
      );
      assert.deepEqual(spokenLines(server.stderr()), []);
      assert.deepEqual(await processesNaming(directory.path), [], `after ${delayMs} ms`);
    }
    const server = await start();
    const client = connect(server.url, token);
    assert.equal((await client.send('POST', 'sip-trunks', TRUNK)).status, 201);
    client.close();
    assert.deepEqual(await stopServer(server), WELL);
  });

  it('a second server on the same data directory names the first and ends; the first goes on', async () => {
    const first = await start();
    const second = launchServer({ TRONCO_DATA_DIR: directory.path });
    const { code } = await second.ended;
    const lines = spokenLines(second.stderr());
    assert.deepEqual([code, lines.length], [1, 1], second.stderr());
    assert.ok(lines[0]!.includes(String(first.pid)) && lines[0]!.includes(first.url), lines[0]);
    assert.equal(second.stdout(), '');
    const client = connect(first.url, token);
    assert.equal((await client.send('GET', 'sip-trunks')).status, 200);
    client.close();
    assert.deepEqual(await stopServer(first), WELL);
  });

  it('the PostgreSQL of a killed server is taken over by the next one, and stopped with it', async () => {
    const first = await start();
    const client = connect(first.url, token);
    const { body } = await client.send('POST', 'sip-trunks', TRUNK);
    client.close();
    const pid = await postmasterPid(directory.path);
    await killServer(first);
    assert.equal(await postmasterPid(directory.path), pid, 'it outlives its server');
    const second = await start();
    assert.equal(await postmasterPid(directory.path), pid, 'and is adopted');
    const reader = connect(second.url, token);
    assert.equal((await reader.send('GET', `sip-trunks/${body.data.id}`)).status, 200);
    reader.close();
    assert.deepEqual(await stopServer(second), WELL);
    assert.deepEqual(await processesNaming(directory.path), []);
  });
});
