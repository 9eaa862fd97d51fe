#!/usr/bin/env -S node --max-semi-space-size=8
import { enableCompileCache } from 'node:module';

// Before anything else is loaded: what it keeps makes every later start faster.
enableCompileCache();
const { run } = await import('./program.ts');
await run(process.argv);
