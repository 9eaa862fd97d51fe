import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { documentationProblems } from './check.ts';
import { generatedPages } from './generate.ts';
import { LANGUAGES } from './languages.ts';
import { type OpenApiDocument, operationsOf } from './openapi-document.ts';
import { DOCS_DIRECTORY } from './page-files.ts';
import { sentencesOf } from './sentences.ts';

const ROOT = join(DOCS_DIRECTORY, '..');

describe('Documentation', () => {
  let document: OpenApiDocument;
  let copy: string;

  before(async () => {
    document = JSON.parse(await readFile(join(ROOT, 'openapi/tronco.v1.json'), 'utf8'));
    copy = await mkdtemp(join(tmpdir(), 'tronco-docs-'));
  });
  after(() => rm(copy, { recursive: true, force: true }));

  /** The problems of a copy of the documentation after someone changed something in it. */
  async function problemsAfter(change: (docs: string) => Promise<void>): Promise<string[]> {
    const docs = join(copy, 'docs');
    await rm(docs, { recursive: true, force: true });
    await cp(DOCS_DIRECTORY, docs, { recursive: true });
    await change(docs);
    const problems = await documentationProblems(copy, document);
    return problems.filter((problem) => problem.startsWith('docs/'));
  }

  it('is whole: translated, the same in both languages, without dead links, up to date', async () => {
    assert.deepEqual(await documentationProblems(ROOT, document), []);
  });

  it('names a page that stands in one language only', async () => {
    const problems = await problemsAfter((docs) => rm(join(docs, 'pt-BR/quickstart.md')));
    assert.ok(problems.includes('docs/en/quickstart.md has no counterpart docs/pt-BR/quickstart.md'));
  });

  it('names dead links and missing headings', async () => {
    const problems = await problemsAfter((docs) =>
      writeFile(
        join(docs, 'en/glossary.md'),
        '# Glossary\n\n[a](nowhere.md) [b](concepts.md#no-such-thing)\n',
      ),
    );
    assert.ok(problems.includes('docs/en/glossary.md: dead link nowhere.md'));
    assert.ok(problems.includes('docs/en/glossary.md: no such heading concepts.md#no-such-thing'));
  });

  it('names a generated page that was edited, and one that belongs to nothing', async () => {
    const problems = await problemsAfter(async (docs) => {
      await writeFile(join(docs, 'en/errors/DID_IN_USE.md'), '# Edited\n');
      for (const language of LANGUAGES) {
        await writeFile(join(docs, language, 'errors/NO_SUCH_CODE.md'), '# Left over\n');
      }
    });
    assert.ok(problems.includes('docs/en/errors/DID_IN_USE.md is out of date: npm run generate'));
    assert.ok(problems.includes('docs/en/errors/NO_SUCH_CODE.md belongs to nothing: npm run generate'));
  });

  it('names a page that no menu leads to', async () => {
    const problems = await problemsAfter(async (docs) => {
      for (const language of LANGUAGES) await writeFile(join(docs, language, 'lost.md'), '# Lost\n');
    });
    assert.deepEqual(problems, ['docs/en/lost.md is in no menu']);
  });

  it('asks for a translation of every sentence, and not of schemas that are called description', () => {
    const sentences = sentencesOf({
      info: { title: 'x', version: '1' },
      paths: {
        '/things': {
          post: {
            operationId: 'createThing',
            summary: 'Create a thing',
            tags: ['Things'],
            description: 'It stays.',
            parameters: [{ name: 'q', in: 'query', description: 'A part', schema: { type: 'string' } }],
            requestBody: {
              content: {
                'application/json': {
                  schema: {
                    type: 'object',
                    properties: { description: { type: 'string', description: 'What it is' } },
                  },
                  example: { type: 'string', description: 'Only data' },
                },
              },
            },
            responses: { 409: { description: '`TAKEN`: There is one' } },
          },
        },
      },
    });
    const expected = ['A part', 'Create a thing', 'It stays.', 'Things', 'What it is'];
    assert.deepEqual([...sentences].toSorted(), expected);
  });

  it('has a page for every endpoint and every error code in every language', () => {
    const pages = generatedPages(document);
    for (const language of LANGUAGES) {
      for (const { id } of operationsOf(document)) assert.ok(pages.has(`${language}/api/${id}.md`), id);
      assert.ok(pages.get(`${language}/errors/DID_ALREADY_EXISTS.md`)?.includes('createSipTrunkDid'));
    }
  });

  it('shows the contract’s example of a new DID, with its scope and its own error', () => {
    const page = generatedPages(document).get('en/api/createSipTrunkDid.md') ?? '';
    assert.match(page, /`POST \/api\/v1\/sip-trunks\/\{trunk_id\}\/dids`/);
    assert.match(page, /Scope: `dids:write`/);
    assert.match(page, /-d '\{"country_code":"US","number":"\+15551234567"\}'/);
    assert.match(page, /\| 409 \| \[DID_ALREADY_EXISTS\]\(\.\.\/errors\/DID_ALREADY_EXISTS\.md\) \|/);
  });
});
