import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { createKeyRing } from '../../kernel/secrets.ts';
import { type DatabaseFacts, inspectDatabase } from '../../storage/inspect.ts';
import { opensKeyCheck } from '../../storage/key-check.ts';
import { NoDatabase, type Reached, withDatabase } from '../with-database.ts';
import { fail, type Finding, ok, reasonOf, warn } from './finding.ts';

const VERSION_MIN = 150_000;
const CLOCK_WARN_MS = 2_000;
const CLOCK_FAIL_MS = 60_000;
const REACHED: Record<Reached, string> = {
  given: 'at DATABASE_URL',
  running: 'embedded, in use by the server',
  started: 'embedded, started for this check',
};

/** Everything that only the database can tell. */
export async function checkDatabase(config: Config): Promise<Finding[]> {
  try {
    return await withDatabase(config, async (db, reached) => {
      const asked = Date.now();
      const facts = await inspectDatabase(db);
      const here = new Date((asked + Date.now()) / 2);
      return [
        checkVersion(facts, reached),
        checkMigrations(facts),
        await checkMasterKey(config, facts),
        checkClock(here, facts.now),
      ];
    });
  } catch (error) {
    if (error instanceof NoDatabase) {
      return [ok('database', 'none yet: the embedded one is made at the first start')];
    }
    const fix =
      config.databaseUrl === undefined
        ? 'Look at postgres.log in the data directory.'
        : 'Check host, port, user, password and database in DATABASE_URL, and that PostgreSQL runs.';
    return [fail('database', reasonOf(error), fix)];
  }
}

export function checkVersion(facts: DatabaseFacts, reached: Reached): Finding {
  const message = `PostgreSQL ${facts.version} (${REACHED[reached]})`;
  return facts.versionNumber >= VERSION_MIN
    ? ok('database', message)
    : fail('database', message, `Use PostgreSQL ${VERSION_MIN / 10_000} or newer.`);
}

export function checkMigrations({ pending, unknown }: DatabaseFacts): Finding {
  if (unknown.length > 0) {
    return fail(
      'migrations',
      `the database was migrated by a newer release (${unknown.join(', ')})`,
      'Install that release; there is no way back.',
    );
  }
  if (pending.length === 0) return ok('migrations', 'all applied');
  return warn(
    'migrations',
    `${pending.length} to apply: ${pending.join(', ')}`,
    'tronco migrate, or start the server.',
  );
}

async function checkMasterKey(config: Config, { keyCheck }: DatabaseFacts): Promise<Finding> {
  const subject = 'master key';
  if (keyCheck === undefined) return ok(subject, 'not in use yet');
  const keys = config.masterKeys ?? (await keyFile(config.dataDir));
  if (!keys) {
    return fail(
      subject,
      'the database has sealed secrets and there is no key for them',
      'Set TRONCO_MASTER_KEY, or restore master.key in the data directory from a backup.',
    );
  }
  return opensKeyCheck(keyCheck, createKeyRing(keys))
    ? ok(subject, 'opens what the database has sealed')
    : fail(
        subject,
        'is not the one that the database was written with',
        'Every node needs the same key: set TRONCO_MASTER_KEY to it, or restore master.key from a backup.',
      );
}

/** Only read: a key made now would be the wrong one. */
async function keyFile(dataDir: string): Promise<Buffer[] | undefined> {
  try {
    const key = Buffer.from(await readFile(join(dataDir, 'master.key'), 'utf8'), 'base64');
    return key.length === 32 ? [key] : undefined;
  } catch {
    return undefined;
  }
}

export function checkClock(here: Date, there: Date): Finding {
  const offMs = Math.abs(here.getTime() - there.getTime());
  const message = `${(offMs / 1_000).toFixed(1)} s apart from the database’s`;
  const fix = 'Let both machines keep time by NTP.';
  if (offMs >= CLOCK_FAIL_MS) return fail('clock', message, fix);
  return offMs >= CLOCK_WARN_MS ? warn('clock', message, fix) : ok('clock', 'the same as the database’s');
}
