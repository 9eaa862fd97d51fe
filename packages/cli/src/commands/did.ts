import type { ListPhoneNumbersData, PhoneNumber } from '@tronco/sdk';
import type { Command } from 'commander';
import { findTrunkId } from '../find.ts';
import { type Columns, list } from '../output.ts';
import { openSession } from '../session.ts';
import { registerDidChanges } from './did-changes.ts';
import { registerDidFiles } from './did-files.ts';

type Query = NonNullable<ListPhoneNumbersData['query']>;
type Listed = Pick<PhoneNumber, 'id' | 'number' | 'country_code' | 'trunk_id' | 'label' | 'tags' | 'agents'>;

const COLUMNS: Columns<Listed> = {
  id: (row) => row.id,
  number: (row) => row.number,
  country: (row) => row.country_code,
  label: (row) => row.label,
  tags: (row) => list(row.tags),
  agents: (row) => list(row.agents.map(({ name }) => name)),
  trunk: (row) => row.trunk_id,
};

type ListOptions = {
  trunk?: string;
  search?: string;
  country?: string;
  tag?: string;
  assigned?: boolean;
  sort?: string;
  page?: string;
  perPage?: string;
  all?: boolean;
};

const PER_PAGE = 100;

export function register(command: Command): void {
  command.description('Phone numbers. A DID is named by its number (+…) or its id.');
  command
    .command('list')
    .description('list the numbers of the environment, or of one trunk')
    .option('--trunk <trunk>', 'only those on this trunk')
    .option('--search <text>', 'part of the number or of the label')
    .option('--country <code>', 'only those of this country')
    .option('--tag <tag>', 'only those with this tag')
    .option('--assigned', 'only those that some agent has')
    .option('--no-assigned', 'only those that no agent has')
    .option('--sort <key>', 'created_at, number or label; -number for descending')
    .option('--page <page>', 'which page')
    .option('--per-page <count>', 'numbers a page, up to 100')
    .option('--all', 'all of them; the default with --json')
    .action(async (options: ListOptions, command: Command) => {
      const session = await openSession(command);
      const { api, print, signal } = session;
      const whole =
        (options.all ?? print.json) && options.page === undefined && options.perPage === undefined;
      const query = { ...filtersOf(options), ...(whole ? {} : pageOf(options)) };
      const { data, pagination } =
        options.trunk === undefined
          ? await api.listPhoneNumbers({ query, signal })
          : await api.listSipTrunkDids({
              path: { trunk_id: await findTrunkId(session, options.trunk) },
              query,
              signal,
            });
      print.table(data as Listed[], COLUMNS);
      if (!print.json && pagination && pagination.total > data.length) {
        const { current_page, last_page, total } = pagination;
        process.stderr.write(
          `Page ${current_page} of ${last_page}, ${total} numbers in all: --page, or --all for the rest.\n`,
        );
      }
    });
  registerDidChanges(command);
  registerDidFiles(command);
}

/** The server judges the values. */
function filtersOf({ search, country, tag, assigned, sort }: ListOptions): Query {
  const given = {
    search,
    country_code: country,
    tag,
    assigned: assigned === undefined ? undefined : String(assigned),
    sort,
    include: 'details',
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Query;
}

const pageOf = ({ page, perPage }: ListOptions): Pick<Query, 'page' | 'per_page'> => ({
  page: Number(page ?? 1),
  per_page: Number(perPage ?? PER_PAGE),
});
