/**
 * Given on the command line, so they hold for clusters of every age and nothing in the data directory
 * can undo them. Whoever needs to tune a database has outgrown the embedded one.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  // An acknowledged write survives a power cut.
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',

  // Reached through the private socket only.
  listen_addresses: '',
  unix_socket_permissions: '0700',

  // A laptop beside other work.
  max_connections: '100',
  shared_buffers: '128MB',
  huge_pages: 'off',
  maintenance_work_mem: '128MB',
  // In the data directory instead of /dev/shm, which is 64 MB in a container and emptied by logind at logout.
  dynamic_shared_memory_type: 'mmap',
  max_parallel_workers_per_gather: '0',
  jit: 'off',

  // A million rows in one go without a checkpoint every few seconds.
  max_wal_size: '2GB',
  min_wal_size: '256MB',
  wal_buffers: '16MB',
  wal_compression: 'pglz',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',

  // No statement, parameter or row in the log: they hold phone numbers.
  log_destination: 'stderr',
  logging_collector: 'off',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_statement: 'none',
  log_min_duration_statement: '-1',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] ',
  log_timezone: 'UTC',
  timezone: 'UTC',
};

/** Names the socket file; there is no TCP port behind it. */
export const SOCKET_PORT = 5432;

export function postmasterArguments(clusterDir: string, socketDir: string): string[] {
  const all = { ...SETTINGS, unix_socket_directories: quoteListEntry(socketDir) };
  const settings = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', clusterDir, '-p', String(SOCKET_PORT), ...settings];
}

/** The setting is a comma-separated list, and a path may hold a comma or a space. */
function quoteListEntry(path: string): string {
  return `"${path.replaceAll('"', '""')}"`;
}

/** C.UTF-8 from PostgreSQL itself: letters known beyond ASCII, and no index depends on the system's libc. */
export function initdbArguments(clusterDir: string, adminUser: string): string[] {
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  return ['-D', clusterDir, `--username=${adminUser}`, '--auth=trust', '--no-instructions', ...locale];
}
