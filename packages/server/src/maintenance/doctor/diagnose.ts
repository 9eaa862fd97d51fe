import { type Config, readConfig } from '../../config.ts';
import { checkDatabase } from './database.ts';
import { fail, type Finding, ok, reasonOf } from './finding.ts';
import { checkDataDirectory, checkDiskSpace, checkNode, checkSecretFile } from './machine.ts';
import { checkPort } from './port.ts';

/** Looks at everything that a server needs, and changes nothing. */
export async function* diagnose(env: NodeJS.ProcessEnv): AsyncGenerator<Finding> {
  yield checkNode(process.version);
  let config: Config;
  try {
    config = readConfig(env);
  } catch (error) {
    yield fail('settings', reasonOf(error), 'Correct the variable; the rest cannot be checked without it.');
    return;
  }
  yield ok('settings', 'readable');
  yield checkDataDirectory(config.dataDir);
  for (const name of ['credentials.json', 'master.key']) {
    const finding = await checkSecretFile(config.dataDir, name);
    if (finding) yield finding;
  }
  yield checkDiskSpace(config.dataDir);
  yield* await checkDatabase(config);
  yield checkPort(config.http);
}
