import type { UpdateSipTrunkDidRequest } from '@tronco/sdk';
import type { Command } from 'commander';
import { UsageError } from '../exit-codes.ts';
import { findDid, findTrunkId } from '../find.ts';
import { openSession } from '../session.ts';

type ChangeOptions = { label?: string; note?: string; tags?: string };

/** One number at a time. */
export function registerDidChanges(command: Command): void {
  command
    .command('add <trunk> <number>')
    .description('register a number on a trunk')
    .requiredOption('--country <code>', 'ISO 3166-1 alpha-2 country of the number, e.g. US')
    .action(async (trunk: string, number: string, options: { country: string }, command: Command) => {
      const session = await openSession(command);
      const path = { trunk_id: await findTrunkId(session, trunk) };
      const body = { country_code: options.country, number };
      const { api, print, signal } = session;
      print.record((await api.createSipTrunkDid({ path, body, signal })).data);
    });

  command
    .command('show <did>')
    .description('show everything about a number')
    .action(async (reference: string, _options: object, command: Command) => {
      const session = await openSession(command);
      const path = await findDid(session, reference);
      const { data } = await session.api.getSipTrunkDid({ path, signal: session.signal });
      session.print.record(data);
    });

  command
    .command('update <did>')
    .description('change label, note or tags; an empty text removes them')
    .option('--label <text>', 'what people call it')
    .option('--note <text>', 'anything worth knowing')
    .option('--tags <tags>', 'all its tags, separated by commas')
    .action(async (reference: string, options: ChangeOptions, command: Command) => {
      const body = changesOf(options);
      if (Object.keys(body).length === 0) throw new UsageError('Nothing to change was given');
      const session = await openSession(command);
      const path = await findDid(session, reference);
      const { data } = await session.api.updateSipTrunkDid({ path, body, signal: session.signal });
      session.print.record(data);
    });

  registerMoves(command);
}

function registerMoves(command: Command): void {
  command
    .command('move <did> <trunk>')
    .description('move a number to another trunk in one step; its agents keep it')
    .action(async (reference: string, trunk: string, _options: object, command: Command) => {
      const session = await openSession(command);
      const path = await findDid(session, reference);
      const body = { trunk_id: await findTrunkId(session, trunk) };
      const { data } = await session.api.updateSipTrunkDid({ path, body, signal: session.signal });
      session.print.record(data);
    });

  command
    .command('remove <did>')
    .description('remove a number that no agent has')
    .action(async (reference: string, _options: object, command: Command) => {
      const session = await openSession(command);
      const path = await findDid(session, reference);
      const { message } = await session.api.deleteSipTrunkDid({ path, signal: session.signal });
      session.print.done(message);
    });
}

function changesOf({ label, note, tags }: ChangeOptions): UpdateSipTrunkDidRequest {
  return {
    ...(label !== undefined && { label: label === '' ? null : label }),
    ...(note !== undefined && { note: note === '' ? null : note }),
    ...(tags !== undefined && {
      tags: tags
        .split(',')
        .map((tag) => tag.trim())
        .filter((tag) => tag !== ''),
    }),
  };
}
