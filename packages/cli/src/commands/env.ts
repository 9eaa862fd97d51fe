import type { Environment } from '@tronco/sdk';
import type { Command } from 'commander';
import { findEnvironmentId } from '../find.ts';
import { type Columns, time } from '../output.ts';
import { openSession } from '../session.ts';

const COLUMNS: Columns<Environment> = {
  id: (row) => row.id,
  name: (row) => row.name,
  created: (row) => time(row.created_at),
  archived: (row) => time(row.archived_at),
};

const facts = (row: Environment): Record<string, string> => ({ id: row.id, name: row.name });

export function register(command: Command): void {
  command
    .description('Environments: separate worlds on one installation, each with its own data and tokens.')
    .command('list')
    .description('list environments')
    .option('--archived', 'only archived ones')
    .action(async (options: { archived?: boolean }, command: Command) => {
      const { api, print, signal } = await openSession(command);
      const query = options.archived === true ? { archived: 'true' as const } : {};
      const { data } = await api.listEnvironments({ query, signal });
      print.table(data, COLUMNS);
    });

  command
    .command('create <name>')
    .description('create an environment; `token create --env <name>` then makes a token for it')
    .action(async (name: string, _options: object, command: Command) => {
      const { api, print, signal } = await openSession(command);
      const { data } = await api.createEnvironment({ body: { name }, signal });
      print.record(data, facts(data));
    });

  command
    .command('rename <environment> <name>')
    .description('give an environment another name; its tokens and data stay')
    .action(async (reference: string, name: string, _options: object, command: Command) => {
      const session = await openSession(command);
      const environment_id = await findEnvironmentId(session, reference);
      const { api, print, signal } = session;
      const { data } = await api.renameEnvironment({ path: { environment_id }, body: { name }, signal });
      print.record(data, facts(data));
    });

  registerArchiving(command);
}

function registerArchiving(command: Command): void {
  command
    .command('archive <environment>')
    .description('refuse its tokens until it is restored; nothing is deleted')
    .action(async (reference: string, _options: object, command: Command) => {
      const session = await openSession(command);
      const environment_id = await findEnvironmentId(session, reference);
      const { message } = await session.api.archiveEnvironment({
        path: { environment_id },
        signal: session.signal,
      });
      session.print.done(message);
    });

  command
    .command('restore <environment>')
    .description('make an archived environment usable again')
    .action(async (reference: string, _options: object, command: Command) => {
      const session = await openSession(command);
      const environment_id = await findEnvironmentId(session, reference);
      const { message } = await session.api.restoreEnvironment({
        path: { environment_id },
        signal: session.signal,
      });
      session.print.done(message);
    });
}
