import { Command, CommanderError } from 'commander';
import { EXIT } from './exit-codes.ts';

type Group = { summary: string; load(): Promise<{ register(command: Command): void }> };

/** Only the chosen command is loaded: `--help` must not wait for the rest. */
const GROUPS: Record<string, Group> = {
  serve: { summary: 'start the server', load: () => import('./commands/serve.ts') },
  migrate: {
    summary: 'bring the database to this release’s schema',
    load: () => import('./commands/migrate.ts'),
  },
  doctor: {
    summary: 'check everything that a server needs, and say what to do',
    load: () => import('./commands/doctor.ts'),
  },
  env: { summary: 'environments (admin)', load: () => import('./commands/env.ts') },
  token: { summary: 'API tokens (admin)', load: () => import('./commands/token.ts') },
  trunk: { summary: 'SIP trunks', load: () => import('./commands/trunk.ts') },
  did: { summary: 'phone numbers: one by one, or in bulk', load: () => import('./commands/did.ts') },
  release: {
    summary: 'requests to give a number back (admin)',
    load: () => import('./commands/release.ts'),
  },
  audit: { summary: 'who changed what', load: () => import('./commands/audit.ts') },
};

const EPILOGUE = `
Where the API is, and who you are: the flags, else TRONCO_URL, TRONCO_TOKEN and TRONCO_ENVIRONMENT, else
credentials.json in TRONCO_DATA_DIR (./data), which the server writes at its first start. With the last one,
the environment is "default" unless you say otherwise.

Exit codes: 0 done · 1 refused, failed, or rows of an import failed · 2 wrong usage or setting ·
3 the server does not answer · 130 interrupted`;

export function createProgram(): Command {
  const program = new Command('tronco')
    .description('Self-hosted telephony for voice agents: SIP trunks, DIDs and agents.')
    .option('--url <url>', 'address of the server')
    .option('--token <token>', 'API token (visible to other users of this machine: prefer TRONCO_TOKEN)')
    .option('--env <environment>', 'environment to act in, by name or id')
    .option('--json', 'machine-readable output')
    .addHelpText('after', EPILOGUE)
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  for (const [name, { summary }] of Object.entries(GROUPS)) {
    program.command(name).summary(summary).description(capitalized(summary));
  }
  program.hook('preSubcommand', async (_program, command) => {
    const module = await GROUPS[command.name()]?.load();
    module?.register(command);
  });
  return program;
}

const capitalized = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Runs one command line and sets the process's exit code. */
export async function run(argv: readonly string[]): Promise<void> {
  // The reader of a pipe may have had enough (`| head`); that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const program = createProgram();
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
      return;
    }
    const { reportFailure } = await import('./failure.ts');
    process.exitCode = reportFailure(error, program.opts<{ json?: boolean }>().json === true);
  }
}
