import type { OperatorReleaseRequest } from '@tronco/sdk';
import type { Command } from 'commander';
import { type Columns, time } from '../output.ts';
import { openSession } from '../session.ts';

type Status = OperatorReleaseRequest['status'];

const COLUMNS: Columns<OperatorReleaseRequest> = {
  id: (row) => row.id,
  environment: (row) => row.environment.name,
  number: (row) => row.phone_number,
  status: (row) => row.status,
  requested: (row) => time(row.requested_at),
  resolved: (row) => time(row.resolved_at),
  reason: (row) => row.rejection_reason ?? row.reason,
};

export function register(command: Command): void {
  command
    .description('Requests of all environments to give a number back; an operator decides.')
    .command('list')
    .description('list requests, newest first')
    .option('--status <status>', 'pending, approved, rejected or cancelled')
    .action(async (options: { status?: Status }, command: Command) => {
      const { api, print, signal } = await openSession(command);
      const query = options.status === undefined ? {} : { status: options.status };
      print.table((await api.listAllReleaseRequests({ query, signal })).data, COLUMNS);
    });

  command
    .command('approve <request-id>')
    .description('remove the number from its environment; there is no way back')
    .action(async (release_request_id: string, _options: object, command: Command) => {
      const { api, print, signal } = await openSession(command);
      const { message } = await api.approveReleaseRequest({ path: { release_request_id }, signal });
      print.done(message);
    });

  command
    .command('reject <request-id>')
    .description('keep the number')
    .requiredOption('--reason <text>', 'shown to those who asked')
    .action(async (release_request_id: string, options: { reason: string }, command: Command) => {
      const { api, print, signal } = await openSession(command);
      const body = { rejection_reason: options.reason };
      const { message } = await api.rejectReleaseRequest({ path: { release_request_id }, body, signal });
      print.done(message);
    });
}
