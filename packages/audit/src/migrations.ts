import { fileURLToPath } from 'node:url';

/** The folder of the audit database's migrations. */
export const auditMigrations: string = fileURLToPath(new URL('../migrations', import.meta.url));
