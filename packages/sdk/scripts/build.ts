import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Makes `dist`, the package that is published: JavaScript and declarations, because Node runs no
 * TypeScript that lies in node_modules. Inside this repository the sources are used as they are.
 */
const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

rmSync(at('dist'), { recursive: true, force: true });
execFileSync(process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', at('tsconfig.build.json')], {
  stdio: 'inherit',
});
const { name, version, license } = JSON.parse(readFileSync(at('package.json'), 'utf8')) as Record<
  string,
  string
>;
const manifest = {
  name,
  version,
  description: 'Client of the Tronco API: SIP trunks, DIDs and voice agents',
  license,
  type: 'module',
  exports: { '.': { types: './index.d.ts', default: './index.js' } },
  sideEffects: false,
  engines: { node: '>=20' },
};
writeFileSync(at('dist/package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
copyFileSync(at('README.md'), at('dist/README.md'));
copyFileSync(at('../../LICENSE'), at('dist/LICENSE'));
