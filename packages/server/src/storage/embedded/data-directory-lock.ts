import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readFile, realpath } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataDirectoryInUse, errorCode } from './errors.ts';

/** What the holder says of itself. */
export type HolderDescription = { pid: number; url?: string };
export type DataDirectoryClaim = { release(): Promise<void> };

const ANSWER_LIMIT_MS = 1_000;
const ATTEMPTS = 20;

/** open(2) on macOS and BSD: lock as part of opening, and fail instead of waiting. */
const O_EXLOCK = 0x20;
const O_NONBLOCK = 0x04;

/**
 * Makes this process the only server on a data directory. The kernel holds the lock, so the end of the
 * process releases it, however it ends, and no file is left to go stale.
 * @param describe called whenever another server asks who holds the directory
 * @throws DataDirectoryInUse naming the holder
 */
export async function claimDataDirectory(
  dataDir: string,
  describe: () => HolderDescription,
): Promise<DataDirectoryClaim> {
  await mkdir(dataDir, { recursive: true, mode: 0o711 });
  const directory = await realpath(dataDir);
  const id = createHash('sha256').update(directory).digest('hex');
  if (process.platform === 'linux') return claimName(`\0tronco:${id}`, directory, describe);
  if (process.platform === 'win32') return claimName(`\\\\.\\pipe\\tronco-${id}`, directory, describe);
  return claimLockFile(directory, describe);
}

/** A name in the kernel (abstract socket, named pipe) that only one process can listen on. */
async function claimName(
  name: string,
  directory: string,
  describe: () => HolderDescription,
): Promise<DataDirectoryClaim> {
  for (let attempt = 1; ; attempt += 1) {
    const server = await listen(name, describe);
    if (server) return { release: () => close(server) };
    const holder = await askHolder(name);
    // Nobody there any more: it ended between our two calls, so the name is free now.
    if (holder !== 'gone' || attempt === ATTEMPTS) {
      throw new DataDirectoryInUse(directory, holder === 'gone' ? {} : holder);
    }
    await sleep(10);
  }
}

/** @returns undefined when the name is taken */
async function listen(name: string, describe: () => HolderDescription): Promise<Server | undefined> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(`${JSON.stringify(describe())}\n`);
  });
  const { promise, resolve, reject } = Promise.withResolvers<Server | undefined>();
  server.once('error', (error) => {
    if (errorCode(error) === 'EADDRINUSE') resolve(undefined);
    else reject(error);
  });
  server.listen({ path: name, exclusive: true }, () => resolve(server));
  // The lock lives as long as the process and must not be what keeps it alive.
  server.unref();
  return promise;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  await promise;
}

/** @returns an empty description when the holder does not say, 'gone' when there is none */
async function askHolder(name: string): Promise<Partial<HolderDescription> | 'gone'> {
  const { promise, resolve } = Promise.withResolvers<Partial<HolderDescription> | 'gone'>();
  let text = '';
  const socket = connect(name);
  socket.setTimeout(ANSWER_LIMIT_MS, () => {
    resolve({});
    socket.destroy();
  });
  socket.on('data', (data) => (text += data.toString('utf8')));
  socket.on('error', (error) => resolve(errorCode(error) === 'ECONNREFUSED' ? 'gone' : {}));
  socket.on('close', () => resolve(parseDescription(text)));
  return promise;
}

function parseDescription(text: string): Partial<HolderDescription> {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof said !== 'object' || said === null) return {};
  const { pid, url } = said as { pid?: unknown; url?: unknown };
  return {
    ...(typeof pid === 'number' ? { pid } : {}),
    ...(typeof url === 'string' ? { url } : {}),
  };
}

/** macOS has no abstract names, but locks a file in the act of opening it. */
async function claimLockFile(
  directory: string,
  describe: () => HolderDescription,
): Promise<DataDirectoryClaim> {
  const path = join(directory, 'server.lock');
  const flags = constants.O_RDWR | constants.O_CREAT | O_EXLOCK | O_NONBLOCK;
  try {
    const handle = await open(path, flags, 0o600);
    await handle.truncate();
    await handle.write(JSON.stringify(describe()), 0);
    return { release: () => handle.close() };
  } catch (error) {
    if (errorCode(error) !== 'EAGAIN') throw error;
    throw new DataDirectoryInUse(directory, parseDescription(await readFile(path, 'utf8')));
  }
}
