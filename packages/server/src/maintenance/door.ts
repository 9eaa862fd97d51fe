export { diagnose } from './doctor/diagnose.ts';
export type { Finding } from './doctor/finding.ts';
export { migrateDatabase } from './migrate-database.ts';
export { recoverAdminToken } from './recover-admin.ts';
