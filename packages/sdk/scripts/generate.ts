import { registerHooks } from 'node:module';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

// The generator needs TypeScript's own programming interface, which TypeScript 7 no longer has.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, specifier === 'typescript' ? { ...context, parentURL: import.meta.url } : context),
});

/** Checked by its makers with other options than ours; its types still hold for those who import it. */
const UNCHECKED = '// @ts-nocheck\n';

/** A body that the server reads as it arrives may be sent as a stream; OpenAPI has no word for that. */
const STREAMED_BODY = /(Read as it arrives\.\n\s+\*\/\n\s+body: )string;/g;
const STREAMABLE = '$1string | Blob | ReadableStream<Uint8Array>;';

/** Writes the client for an OpenAPI document into a folder. */
export async function generateSdk(document: string, folder: string): Promise<void> {
  const { createClient } = await import('@hey-api/openapi-ts');
  await createClient({
    input: document,
    output: { path: folder, module: { extension: '.ts' } },
    logs: { level: 'silent', file: false },
    plugins: [
      { name: '@hey-api/client-fetch', throwOnError: true },
      '@hey-api/typescript',
      {
        name: '@hey-api/sdk',
        responseStyle: 'data',
        operations: { strategy: 'single', containerName: 'TroncoApi' },
      },
    ],
  });
  for (const name of await readdir(folder, { recursive: true })) {
    if (!name.endsWith('.ts')) continue;
    const path = join(folder, name);
    const text = await readFile(path, 'utf8');
    const mended = name === 'types.gen.ts' ? text.replaceAll(STREAMED_BODY, STREAMABLE) : UNCHECKED + text;
    await writeFile(path, mended);
  }
}
