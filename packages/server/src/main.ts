export { ConfigError } from './config.ts';
export { serve, startFailure } from './serve.ts';
