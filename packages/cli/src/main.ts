#!/usr/bin/env node
import { serve, startFailure } from '@tronco/server';

try {
  process.exitCode = await serve(process.env);
} catch (error) {
  console.error(`tronco: ${startFailure(error)}`);
  process.exitCode = 1;
}
