/** SQLSTATE classes of a value that PostgreSQL does not take, and of a constraint: the row can never be stored. */
export const isFaultOfRow = (error: unknown): boolean => /^2[23]/.test((error as { code?: string } | null)?.code ?? '');
