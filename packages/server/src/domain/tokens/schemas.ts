import { z } from 'zod';
import { resourceId, text, timestamp } from '../fields.ts';
import { SCOPES, type Scope } from './scopes.ts';

const name = text(255).meta({ example: 'ci' });
const expiresAt = z.iso
  .datetime({ offset: true })
  .nullish()
  .describe('When the token stops working; it does not expire when this is absent');
const unique = (scopes: Scope[]): Scope[] => [...new Set(scopes)];

const environmentScope = z.enum(SCOPES).exclude(['admin'], {
  error: ({ input }) =>
    input === 'admin' ? 'The scope admin is for tokens of the installation only.' : undefined,
});

export const createTokenInput = z.strictObject({
  name,
  scopes: z
    .array(environmentScope)
    .min(1)
    .max(SCOPES.length)
    .transform(unique)
    .describe('What the token may do; `*` is everything in its environment'),
  expires_at: expiresAt,
});
export type CreateTokenInput = z.output<typeof createTokenInput>;

/** A token of the installation manages environments and tokens; it has no other scope. */
export const createAdminTokenInput = z.strictObject({
  name,
  scopes: z.array(z.literal('admin')).length(1).optional(),
  expires_at: expiresAt,
});
export type CreateAdminTokenInput = z.output<typeof createAdminTokenInput>;

const token = z.object({
  id: resourceId,
  name: z.string(),
  scopes: z.array(z.string()),
  preview: z.string().describe('The first characters, to tell tokens apart'),
  expires_at: timestamp.nullable(),
});

export const createdToken = z
  .object({ token: z.string().describe('Shown this once; keep it safe') })
  .extend(token.shape)
  .meta({ id: 'CreatedToken' });
export type CreatedToken = z.output<typeof createdToken>;

export const tokenResource = token
  .extend({
    last_used_at: timestamp.nullable(),
    revoked_at: timestamp.nullable(),
    created_at: timestamp,
  })
  .meta({ id: 'Token' });
export type TokenResource = z.output<typeof tokenResource>;

export const currentToken = token
  .extend({
    environment: z
      .object({ id: resourceId, name: z.string() })
      .nullable()
      .describe('null for an admin token that names no environment'),
  })
  .meta({ id: 'CurrentToken' });
export type CurrentToken = z.output<typeof currentToken>;
