import { fileURLToPath } from 'node:url';

/** Folder of the audit database's migrations. */
export const auditMigrations: string = fileURLToPath(new URL('../migrations', import.meta.url));
