export { serve, startFailure } from './serve.ts';
