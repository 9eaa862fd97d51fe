import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import type { CreateSipTrunkRequest, SipTrunkListItem, UpdateSipTrunkRequest } from '@tronco/sdk';
import type { Command } from 'commander';
import { UsageError } from '../exit-codes.ts';
import { findTrunkId } from '../find.ts';
import type { Columns } from '../output.ts';
import { openSession } from '../session.ts';
import { registerChecks } from './trunk-checks.ts';

const COLUMNS: Columns<SipTrunkListItem> = {
  id: (row) => row.id,
  name: (row) => row.name,
  provider: (row) => row.provider_name,
  domain: (row) => row.domain,
  transport: (row) => row.transport,
  active: (row) => row.is_active,
  verified: (row) => row.is_verified,
  health: (row) => row.health_status,
};

type TrunkOptions = {
  name?: string;
  provider?: string;
  domain?: string;
  username?: string;
  password?: string;
  passwordFile?: string;
  port?: string;
  transport?: string;
  outboundProxy?: string;
  realm?: string;
  active?: boolean;
};

export function register(command: Command): void {
  command
    .description('SIP trunks: connections to carriers. A trunk is named by its id or its name.')
    .command('list')
    .description('list the trunks of the environment')
    .action(async (_options: object, command: Command) => {
      const { api, print, signal } = await openSession(command);
      print.table((await api.listSipTrunks({ signal })).data, COLUMNS);
    });

  withOptions(
    command.command('create').description('register a trunk; it starts unverified and inactive'),
    true,
  ).action(async (options: TrunkOptions, command: Command) => {
    const body = (await bodyOf(options)) as CreateSipTrunkRequest;
    const { api, print, signal } = await openSession(command);
    print.record((await api.createSipTrunk({ body, signal })).data);
  });

  command
    .command('show <trunk>')
    .description('show everything about a trunk but its password')
    .action(async (reference: string, _options: object, command: Command) => {
      const session = await openSession(command);
      const trunk_id = await findTrunkId(session, reference);
      const { data } = await session.api.getSipTrunk({ path: { trunk_id }, signal: session.signal });
      session.print.record(data);
    });

  registerChecks(command);
  registerChanges(command);
}

function registerChanges(command: Command): void {
  withOptions(
    command
      .command('update <trunk>')
      .description('change what is given; a new address or new credentials must be verified again'),
    false,
  )
    .option('--active', 'use it for calls')
    .option('--no-active', 'stop using it for calls')
    .action(async (reference: string, options: TrunkOptions, command: Command) => {
      const body: UpdateSipTrunkRequest = await bodyOf(options);
      if (Object.keys(body).length === 0) throw new UsageError('Nothing to change was given');
      const session = await openSession(command);
      const trunk_id = await findTrunkId(session, reference);
      const { api, print, signal } = session;
      print.record((await api.updateSipTrunk({ path: { trunk_id }, body, signal })).data);
    });

  command
    .command('delete <trunk>')
    .description('delete a trunk that has no DIDs')
    .action(async (reference: string, _options: object, command: Command) => {
      const session = await openSession(command);
      const trunk_id = await findTrunkId(session, reference);
      const { api, print, signal } = session;
      print.done((await api.deleteSipTrunk({ path: { trunk_id }, signal })).message);
    });
}

function withOptions(command: Command, required: boolean): Command {
  const option = (flags: string, description: string): Command =>
    required ? command.requiredOption(flags, description) : command.option(flags, description);
  option('--name <name>', 'what people call it');
  option('--provider <name>', 'the carrier');
  option('--domain <host>', 'SIP domain or proxy host of the carrier');
  option('--username <name>', 'SIP user name');
  return command
    .option('--password-file <path>', 'file with the SIP password, - for standard input')
    .option('--password <password>', 'SIP password (visible to other users of this machine)')
    .option('--port <port>', 'default 5060, and 5061 for tls')
    .option('--transport <transport>', 'udp, tcp or tls (default tls)')
    .option('--outbound-proxy <host>', 'host, host:port or a sip: URI')
    .option('--realm <realm>', 'when it differs from the domain');
}

/** What was given, in the wire's names; the server judges the values. */
async function bodyOf(options: TrunkOptions): Promise<UpdateSipTrunkRequest> {
  const password =
    options.passwordFile === undefined ? options.password : await secretFrom(options.passwordFile);
  const given = {
    name: options.name,
    provider_name: options.provider,
    domain: options.domain,
    username: options.username,
    password,
    port: options.port === undefined ? undefined : Number(options.port),
    transport: options.transport as UpdateSipTrunkRequest['transport'],
    outbound_proxy: options.outboundProxy === '' ? null : options.outboundProxy,
    auth_realm: options.realm === '' ? null : options.realm,
    is_active: options.active,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

async function secretFrom(path: string): Promise<string> {
  const content = path === '-' ? await readAll(process.stdin) : await readFile(path, 'utf8');
  return content.replace(/\r?\n$/, '');
}
