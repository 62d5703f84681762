import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from './started-system.ts';

export const OBSERVABILITY = join(root, 'deploy/observability');
export const ALERTS_FILE = join(OBSERVABILITY, 'alerts.yml');

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}

/** The alert rules, in their order. */
export function readAlertRules(): AlertRule[] {
  const { groups } = parse(readFileSync(ALERTS_FILE, 'utf8')) as { groups: { rules: AlertRule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

/** The names of our metrics in a text: of a rule, a dashboard, a page. */
export const metricNamesIn = (text: string): Set<string> => new Set(text.match(/\bpessoa_[a-z_]+[a-z]\b/g));
