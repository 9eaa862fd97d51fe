import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import pg from 'pg';
import { newId } from '../../packages/server/src/kernel/ids.ts';
import { INSERT_DID } from '../../packages/server/src/domain/dids/store.ts';

/**
 * The limit that the API is measured against: node:http, one parse, the same single INSERT by name,
 * and the rows of a list as JSON batch by batch. No validation, no token, no rules, no log.
 */
const pool = new pg.Pool({ ...JSON.parse(process.env.PEER_POSTGRES ?? '{}'), max: 10 });
const BATCH_ROWS = 500;

async function body(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

async function create(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const input = JSON.parse(await body(request));
  const [, environmentId, trunkId] = (request.url ?? '').split('/');
  const id = newId();
  const after = { number: input.number, country_code: input.country_code, trunk_id: trunkId };
  const values = [
    environmentId,
    trunkId,
    id,
    input.number,
    input.country_code,
    new Date(),
    newId(),
    '{"type":"peer"}',
    id,
    after,
  ];
  await pool.query({ name: 'insert_did', text: INSERT_DID, values });
  response.writeHead(201, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ success: true, data: { id, ...after } }));
}

async function list(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, environmentId, trunkId] = (request.url ?? '').split('/');
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"success":true,"data":[');
  let last = '00000000-0000-0000-0000-000000000000';
  for (let first = true; ; first = false) {
    const { rows } = await pool.query({
      name: 'list_dids',
      text: `SELECT id, number, country_code FROM dids
        WHERE environment_id = $1 AND trunk_id = $2 AND id > $3 ORDER BY id LIMIT ${BATCH_ROWS}`,
      values: [environmentId, trunkId, last],
    });
    if (rows.length === 0) break;
    const flushed = response.write((first ? '' : ',') + rows.map((row) => JSON.stringify(row)).join(','));
    if (!flushed) await new Promise((resolve) => response.once('drain', resolve));
    last = rows.at(-1).id;
  }
  response.end(']}');
}

const server = createServer((request, response) => {
  const work = request.method === 'POST' ? create(request, response) : list(request, response);
  work.catch((error: Error) => response.writeHead(500).end(error.message));
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
});
process.on('SIGTERM', () => process.exit(0));
