import { createServer } from 'node:net';
import { fail, type Finding, ok } from './finding.ts';

const ASK_LIMIT_MS = 2_000;

/** Free, or held by a Tronco: then it runs already. */
export async function checkPort({ host, port }: { host: string; port: number }): Promise<Finding> {
  const subject = 'port';
  const address = `${host}:${port}`;
  if (port === 0) return ok(subject, 'any free one');
  const problem = await listenOnce(host, port);
  if (problem === undefined) return ok(subject, `${address} is free`);
  if (problem.code !== 'EADDRINUSE') {
    return fail(
      subject,
      `cannot listen at ${address}: ${problem.message}`,
      'Set TRONCO_HTTP_HOST or TRONCO_HTTP_PORT to another value.',
    );
  }
  return (await isTronco(host, port))
    ? ok(subject, `a Tronco answers at ${address}`)
    : fail(
        subject,
        `another program listens at ${address}`,
        'Stop it, or set TRONCO_HTTP_PORT to a free port.',
      );
}

function listenOnce(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(error));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

async function isTronco(host: string, port: number): Promise<boolean> {
  const reachable = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host;
  const name = reachable.includes(':') ? `[${reachable}]` : reachable;
  try {
    const response = await fetch(`http://${name}:${port}/openapi.json`, {
      signal: AbortSignal.timeout(ASK_LIMIT_MS),
    });
    const { info } = (await response.json()) as { info?: { title?: unknown } };
    return info?.title === 'Tronco API';
  } catch {
    return false;
  }
}
