import { type AuditorConfig, readConfig as readAuditor } from '@pessoa/auditor/config';
import { type DebtConfig, readConfig as readDebt } from '@pessoa/debt/config';
import { type EventConfig, readConfig as readEvent } from '@pessoa/event/config';
import { readConfig as readRouter, type RouterConfig } from '@pessoa/router/config';
import { readConfig as readScore, type ScoreConfig } from '@pessoa/score/config';
import { ConfigError } from '@pessoa/service/config/environment';

/** The settings of all parts. Each part reads its own variables, as it does alone. */
export interface SingleConfig {
  readonly debt: DebtConfig;
  readonly score: ScoreConfig;
  readonly event: EventConfig;
  readonly router: RouterConfig;
  /** Undefined without AUDIT_AUDITOR_URL: then another process keeps the log of the audit, or none. */
  readonly auditor: AuditorConfig | undefined;
}

/** @throws ConfigError with every missing or wrong variable of every part */
export function readConfig(env: NodeJS.ProcessEnv): SingleConfig {
  /** By variable: each has one value for all parts. */
  const faults = new Map<string, string>();
  const collect = <Config>(read: (env: NodeJS.ProcessEnv) => Config): Config | undefined => {
    try {
      return read(env);
    } catch (error) {
      if (!(error instanceof ConfigError) || error.faults.length === 0) throw error;
      for (const fault of error.faults) {
        const variable = fault.slice(0, fault.indexOf(':'));
        if (!faults.has(variable)) faults.set(variable, fault);
      }
      return undefined;
    }
  };
  const [debt, score, event, router] = [collect(readDebt), collect(readScore), collect(readEvent), collect(readRouter)];
  const hasAuditor = Boolean(env['AUDIT_AUDITOR_URL'] || env['AUDIT_AUDITOR_URL_FILE']);
  const auditor = hasAuditor ? collect(readAuditor) : undefined;
  if (debt && score && event && router && faults.size === 0) return { debt, score, event, router, auditor };
  const lines = [...faults.values()];
  throw new ConfigError(`single cannot start:\n${lines.map((line) => `  ${line}`).join('\n')}`, lines);
}
