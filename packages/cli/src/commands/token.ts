import type { CreateTokenRequest, Token } from '@tronco/sdk';
import type { Command } from 'commander';
import { UsageError } from '../exit-codes.ts';
import { findEnvironmentId } from '../find.ts';
import { local } from '../local.ts';
import { type Columns, list, time } from '../output.ts';
import { openSession, printerFor, type Session } from '../session.ts';

const COLUMNS: Columns<Token> = {
  id: (row) => row.id,
  name: (row) => row.name,
  begins: (row) => `${row.preview}…`,
  scopes: (row) => list(row.scopes),
  'last used': (row) => time(row.last_used_at),
  expires: (row) => time(row.expires_at),
  revoked: (row) => time(row.revoked_at),
};

const ADMIN = ['--admin', 'a token of the installation: manages environments and tokens'] as const;

export function register(command: Command): void {
  command.description(
    'Tokens of an environment (--env, or TRONCO_ENVIRONMENT), or with --admin of the installation.',
  );
  registerCreate(command);

  command
    .command('list')
    .description('list tokens; their text is never shown again')
    .option(...ADMIN)
    .action(async (options: { admin?: boolean }, command: Command) => {
      const session = await openSession(command);
      const { api, print, signal } = session;
      const { data } =
        options.admin === true
          ? await api.listAdminTokens({ signal })
          : await api.listTokens({ path: await environmentOf(session), signal });
      print.table(data, COLUMNS);
    });

  command
    .command('revoke <token-id>')
    .description('make a token useless; it stays listed')
    .option(...ADMIN)
    .action(async (token_id: string, options: { admin?: boolean }, command: Command) => {
      const session = await openSession(command);
      const { api, print, signal } = session;
      const { message } =
        options.admin === true
          ? await api.revokeAdminToken({ path: { token_id }, signal })
          : await api.revokeToken({ path: { ...(await environmentOf(session)), token_id }, signal });
      print.done(message);
    });

  registerOffline(command);
}

/** `--scope a,b` and `--scope a --scope b` mean the same: nothing that was asked for is dropped. */
const gather = (value: string, before: string[] = []): string[] => [
  ...before,
  ...value.split(',').map((each) => each.trim()),
];

function registerCreate(command: Command): void {
  command
    .command('create <name>')
    .description('create a token and show it, this once')
    .option('--scope <scopes>', 'what it may do, e.g. dids:read,dids:write; default: everything', gather)
    .option('--expires <when>', 'when it stops working: 90d, 12h, or an ISO 8601 time')
    .option(...ADMIN)
    .action(
      async (
        name: string,
        options: { scope?: string[]; expires?: string; admin?: boolean },
        command: Command,
      ) => {
        const expires = options.expires === undefined ? {} : { expires_at: expiryOf(options.expires) };
        const session = await openSession(command);
        const { api, print, signal } = session;
        // The server knows the scopes, and says so when one is wrong.
        const scopes = (options.scope ?? ['*']) as CreateTokenRequest['scopes'];
        const { data } =
          options.admin === true
            ? await api.createAdminToken({ body: { name, ...expires }, signal })
            : await api.createToken({
                path: await environmentOf(session),
                body: { name, scopes, ...expires },
                signal,
              });
        print.record(data, {
          token: data.token,
          id: data.id,
          name: data.name,
          scopes: list(data.scopes),
          expires: time(data.expires_at),
        });
      },
    );
}

/** What works without the API. */
function registerOffline(command: Command): void {
  command
    .command('generate')
    .description('print a well-formed token, for TRONCO_BOOTSTRAP_TOKEN; no server is asked')
    .action(async (_options: object, command: Command) => {
      const { mintToken } = await import('@tronco/server/token-format');
      const print = printerFor(command);
      const token = mintToken();
      if (print.json) print.record({ token });
      else print.line(token);
    });

  command
    .command('recover')
    .description(
      'when the admin token is lost: make another one in the database itself (DATABASE_URL, or the embedded one in TRONCO_DATA_DIR), whether the server runs or not, and write it to credentials.json',
    )
    .action(async (_options: object, command: Command) => {
      const { recoverAdminToken } = await import('@tronco/server/maintenance');
      const { token, credentialsPath } = await local(() => recoverAdminToken(process.env));
      const print = printerFor(command);
      print.record({ token, credentials_path: credentialsPath }, { token, 'written to': credentialsPath });
    });
}

async function environmentOf(session: Session): Promise<{ environment_id: string }> {
  const { environment } = session.settings;
  if (environment === undefined) {
    throw new UsageError(
      'It is not said which environment the token is for',
      'Add --env <name>, or --admin.',
    );
  }
  return { environment_id: await findEnvironmentId(session, environment) };
}

const UNIT_MS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90d` counts from now. */
function expiryOf(text: string): string {
  const [, count, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const at = count === undefined ? Date.parse(text) : Date.now() + Number(count) * (UNIT_MS[unit] ?? 0);
  if (Number.isNaN(at))
    throw new UsageError(`--expires ${text} is no time`, 'Use 90d, 12h, 30m or an ISO 8601 time.');
  return new Date(at).toISOString();
}
