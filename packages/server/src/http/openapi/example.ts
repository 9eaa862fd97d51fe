export type Example = { request?: unknown; reply?: unknown };

/** Ids and times that the examples share, so that a reader can follow one resource through the pages. */
export const IDS = {
  trunk: '0199b8a4-7c1e-7d3a-9a53-0f6c2b1d4e5f',
  did: '0199b8a5-02f1-7e4b-8c6d-51a7e3c9b204',
  agent: '0199b8a6-4d20-7c8f-b1e7-2a9d5c3f7e10',
  training: '0199b8a7-10aa-7b52-9f3c-6d8e4b2a1c05',
  action: '0199b8a7-9c3b-7f61-8a4d-1e7c5b9f2d36',
  release: '0199b8a8-5e77-7a19-b2c8-4f6d3e1a9b57',
  import: '0199b8a9-2b64-7d08-a5f1-8c3e7d2b6a91',
  environment: '0199b8a3-0f52-7e96-8d2a-7b5c1f4e3d28',
  token: '0199b8a3-61cd-7a40-9e8b-3c2d6f1a5b74',
} as const;

export const TIME = '2026-01-15T14:00:00.000Z';

export const data = (value: unknown): Example => ({ reply: { success: true, data: value } });
export const said = (message: string): Example => ({ reply: { success: true, message } });
