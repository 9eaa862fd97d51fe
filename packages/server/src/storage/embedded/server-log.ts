import { type FileHandle, open, rename, stat } from 'node:fs/promises';
import { errorCode } from './errors.ts';

const ROTATE_ABOVE_BYTES = 10 * 1024 * 1024;
const TAIL_BYTES = 4096;
const TAIL_LINES = 12;

/** PostgreSQL's own log, as one attempt to start it sees it. */
export type ServerLog = {
  readonly fd: number;
  /** the last lines written since it was opened */
  tail(): Promise<string>;
  close(): Promise<void>;
};

/** Opens the log to append, keeping one older file once it has grown beyond 10 MB. */
export async function openServerLog(path: string): Promise<ServerLog> {
  let start = 0;
  try {
    start = (await stat(path)).size;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  if (start > ROTATE_ABOVE_BYTES) {
    await rename(path, `${path}.1`);
    start = 0;
  }
  const handle = await open(path, 'a+', 0o600);
  return { fd: handle.fd, tail: () => readTail(handle, start), close: () => handle.close() };
}

async function readTail(handle: FileHandle, start: number): Promise<string> {
  const { size } = await handle.stat();
  const from = Math.max(start, size - TAIL_BYTES);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
  const lines = buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n');
  return lines.slice(-TAIL_LINES).join('\n');
}
