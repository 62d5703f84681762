interface PlanNode {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** Rows that an executed plan read from each table, including rows that a filter removed. */
export function rowsRead(plan: PlanNode, read: Record<string, number> = {}): Record<string, number> {
  const table = plan['Relation Name'];
  if (table !== undefined) {
    const rowsPerLoop =
      plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0) + (plan['Rows Removed by Index Recheck'] ?? 0);
    // PostgreSQL reports averages over the loops, with two decimal places.
    read[table] = (read[table] ?? 0) + Math.round(rowsPerLoop * plan['Actual Loops']);
  }
  for (const child of plan.Plans ?? []) rowsRead(child, read);
  return read;
}
