import { once } from 'node:events';
import type { Socket } from 'node:net';
import pg from 'pg';
import type { BenchServer } from './processes.ts';
import { postgresOf } from './processes.ts';

/** The members of pg's connection that COPY needs; its types leave them out. */
type CopyConnection = {
  stream: Socket;
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): boolean;
  endCopyFrom(): void;
};

/** `COPY … FROM STDIN` on the server's own PostgreSQL, as fast as the socket takes it. */
export async function copyIn(server: BenchServer, text: string, chunks: Iterable<Buffer>): Promise<void> {
  const client = new pg.Client(JSON.parse(postgresOf(server).PEER_POSTGRES ?? '{}'));
  await client.connect();
  try {
    await new Promise<void>((resolve, reject) => {
      client.query({
        submit: (connection: unknown) => (connection as CopyConnection).query(text),
        handleCopyInResponse: (connection: CopyConnection) => {
          send(connection, chunks).catch(reject);
        },
        handleCommandComplete: () => {},
        handleError: reject,
        handleReadyForQuery: () => resolve(),
      } as pg.Submittable);
    });
  } finally {
    await client.end();
  }
}

async function send(connection: CopyConnection, chunks: Iterable<Buffer>): Promise<void> {
  for (const chunk of chunks) {
    connection.sendCopyFromChunk(chunk);
    if (connection.stream.writableLength > 1_000_000) await once(connection.stream, 'drain');
  }
  connection.endCopyFrom();
}
