import type { Command } from 'commander';

export function register(command: Command): void {
  command
    .description('Start the server and run it until it is told to stop. Settings: environment variables.')
    .action(async () => {
      const { serve, startFailure } = await import('@tronco/server');
      try {
        process.exitCode = await serve(process.env);
      } catch (error) {
        process.stderr.write(`tronco: ${startFailure(error)}\n`);
        process.exitCode = 1;
      }
    });
}
