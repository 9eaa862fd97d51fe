import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Context, Platform } from '../domain/context.ts';
import { insertEnvironment } from '../domain/environments/store.ts';
import { type Authenticator, createAuthenticator } from '../domain/tokens/authenticate.ts';
import { issueToken } from '../domain/tokens/issue.ts';
import type { Scope } from '../domain/tokens/scopes.ts';
import { buildServer } from '../http/server.ts';
import { INSTALLATION_ID, newId } from '../kernel/ids.ts';
import { createLogger, type Logger } from '../kernel/logger.ts';
import { createMetrics } from '../kernel/metrics.ts';
import { createKeyRing } from '../kernel/secrets.ts';
import { TrunkChecks, type TrunkChecksOptions } from '../domain/trunks/checks.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { type TestPostgres, testPostgres } from './postgres.ts';
import { refusingProbe } from './refusing-probe.ts';

export type Answer = {
  status: number;
  // Bodies are asserted on, not typed: the schema checks happen in the server.
  // eslint-disable-next-line typescript/no-explicit-any
  body: any;
  headers: Record<string, string | string[] | number | undefined>;
};

export type Send = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>;

export type TestEnvironment = { id: string; token: string; send: Send };

export type TestApp = {
  app: FastifyInstance;
  platform: Platform & { clock: FakeClock };
  authenticator: Authenticator;
  postgres: TestPostgres;
  /** A fresh environment; `send` speaks with a token of the given scopes (default `*`). */
  environment(scopes?: Scope[]): Promise<TestEnvironment>;
  /** Another token of an environment. */
  sendAs(environmentId: string, scopes: Scope[]): Promise<Send>;
  /** Speaks with an admin token. */
  admin(): Promise<Send>;
  /** Speaks with whatever token, or none. */
  sendWith(token: string | undefined): Send;
  /** A verb's context in an environment, for calling the domain directly. */
  context(environmentId: string, scopes?: Scope[]): Context;
  stop(): Promise<void>;
};

export type TestAppOptions = {
  rateLimitPerMinute?: number;
  log?: Logger;
  /** Default: a probe that answers at once that nobody is there. */
  trunkChecks?: TrunkChecksOptions;
};

/** The real server on a cloned database and a fake clock, spoken to in process. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const postgres = await testPostgres();
  const { db } = await postgres.clone();
  const clock = fakeClock();
  const authenticator = createAuthenticator(db, clock);
  const platform = { db, clock, keyRing: createKeyRing([randomBytes(32)]), tokenCache: authenticator };
  const app = await buildServer({
    platform,
    authenticator,
    log: options.log ?? createLogger('silent'),
    metrics: createMetrics(),
    trunkChecks: new TrunkChecks(options.trunkChecks ?? { probe: refusingProbe }),
    rateLimitPerMinute: options.rateLimitPerMinute ?? 0,
  });
  const context = (environmentId: string, scopes: Scope[] = ['*']): Context => ({
    ...platform,
    environmentId,
    actor: { type: 'system', name: 'test' },
    scopes,
    requestId: 'test',
  });
  const issue = async (environmentId: string, scopes: Scope[]): Promise<string> =>
    (await issueToken(context(environmentId), { name: 'test', scopes })).token;
  const sendWith = sender(app);
  return {
    app,
    platform,
    authenticator,
    postgres,
    context,
    sendWith,
    sendAs: async (environmentId, scopes) => sendWith(await issue(environmentId, scopes)),
    admin: async () => sendWith(await issue(INSTALLATION_ID, ['admin'])),
    async environment(scopes = ['*']) {
      const id = newId();
      await insertEnvironment(db, id, `test-${id}`, clock.now());
      const token = await issue(id, scopes);
      return { id, token, send: sendWith(token) };
    },
    async stop() {
      await app.close();
      await postgres.stop();
    },
  };
}

const sender =
  (app: FastifyInstance) =>
  (token: string | undefined): Send =>
  async (method, path, body, headers = {}) => {
    const response = await app.inject({
      method: method as 'GET',
      url: path.startsWith('/') ? path : `/api/v1/${path}`,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const json = /json/.test(String(response.headers['content-type']));
    return {
      status: response.statusCode,
      body: json && response.payload ? response.json() : response.payload,
      headers: response.headers,
    };
  };
