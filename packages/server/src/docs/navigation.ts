import type { Words } from './languages.ts';

export type Section = { title: keyof Words['sections']; pages: readonly string[] };

/** The order in which the hand-written pages are listed, the same in both languages. */
export const NAVIGATION: readonly Section[] = [
  { title: 'start', pages: ['index', 'quickstart', 'concepts'] },
  {
    title: 'guides',
    pages: [
      'guides/migrate-from-talkover',
      'guides/verify-a-trunk',
      'guides/import-dids',
      'guides/command-line-and-sdk',
      'guides/automation',
      'guides/own-postgresql',
      'guides/several-nodes',
      'guides/backup-and-restore',
    ],
  },
  {
    title: 'operations',
    pages: [
      'operations/configuration',
      'operations/embedded-postgresql',
      'operations/observability',
      'operations/limits',
      'operations/upgrading',
    ],
  },
  { title: 'reference', pages: ['api/index', 'errors/index', 'glossary'] },
];
