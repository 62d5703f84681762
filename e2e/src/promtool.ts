import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { ALERTS_FILE, metricNamesIn, readAlertRules } from './alert-rules.ts';
import { type Scrape, scrape } from './scraped-metrics.ts';

const run = promisify(execFile);

/** Runs promtool, which Debian's package `prometheus` has. @throws Error with its output when it finds a fault */
export const promtool = (args: readonly string[]): Promise<{ stdout: string }> => run('promtool', [...args]);

/** What Prometheus would know at one instant: a scrape of each process, or none of one that does not answer. */
export interface Observed {
  readonly atMillis: number;
  readonly scrapes: Readonly<Record<string, Scrape | undefined>>;
}

/** Reads `/metrics` of each process. @param urls the `metricsUrl` of each, by a name for the label `instance` */
export async function observe(urls: Readonly<Record<string, string | undefined>>): Promise<Observed> {
  const scraped = Object.entries(urls).map(async ([instance, url]) => [instance, await scrape(url).catch(() => undefined)]); // prettier-ignore
  return {
    atMillis: performance.now(),
    scrapes: Object.fromEntries(await Promise.all(scraped)) as Observed['scrapes'],
  };
}

const INTERVAL_SECONDS = 15;
/** How long a test of a rule goes on, in intervals: 20 minutes. */
const INTERVALS = 80;
/** For an infinite value, which promtool's notation of series lacks. */
const VERY_LARGE = 1e9;

export interface Series {
  readonly series: string;
  readonly values: string;
}

/**
 * Whether an alert fires when everything goes on as it was seen: promtool runs the rules of `alerts.yml` over 20 minutes in which each
 * series continues from its value in `last`, with its growth since `first`. With one observation nothing grows.
 */
export async function fires(alert: string, first: Observed, last: Observed = first): Promise<boolean> {
  const rule = readAlertRules().find((each) => each.alert === alert);
  if (!rule) throw new Error(`no rule has the name ${alert}`);
  return firesAfter(20, alert, seriesOf(metricNamesIn(rule.expr), first, last));
}

const firingOf = (alert: string): string => `ALERTS{alertname="${alert}",alertstate="firing"}`;

/**
 * Whether an alert fires after so many minutes of some series, which have a sample every 15 s.
 *
 * @param series their values in promtool's notation
 */
export const firesAfter = (minutes: number, alert: string, series: readonly Series[]): Promise<boolean> =>
  isThere(firingOf(alert), minutes, series);

/** Whether an alert fires at any time in so many minutes of some series. */
export const firesWithin = (minutes: number, alert: string, series: readonly Series[]): Promise<boolean> =>
  isThere(`count_over_time(${firingOf(alert)}[${minutes}m])`, minutes, series);

async function isThere(selected: string, minutes: number, series: readonly Series[]): Promise<boolean> {
  const test = {
    rule_files: [ALERTS_FILE],
    evaluation_interval: `${INTERVAL_SECONDS}s`,
    tests: [
      {
        interval: `${INTERVAL_SECONDS}s`,
        input_series: series,
        promql_expr_test: [
          { expr: `count(${selected}) > bool 0`, eval_time: `${minutes}m`, exp_samples: [{ labels: '{}', value: 1 }] },
        ],
      },
    ],
  };
  const folder = await mkdtemp(join(tmpdir(), 'pessoa-rules-'));
  const file = join(folder, 'test.yml');
  try {
    await writeFile(file, stringify(test));
    await promtool(['test', 'rules', file]);
    return true;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    // Without an alert there is no sample; any other failure is a fault of the rules or of this file.
    if (/got:\s*nil/.test(stdout + stderr)) return false;
    throw error;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function seriesOf(names: ReadonlySet<string>, first: Observed, last: Observed): Series[] {
  const intervals = Math.max(1, last.atMillis - first.atMillis) / 1_000 / INTERVAL_SECONDS;
  return Object.entries(last.scrapes).flatMap(([instance, scraped]) => {
    const before = valuesOf(first.scrapes[instance]);
    const target = `instance="${instance}",job="pessoa"`;
    const samples = (scraped?.samples ?? []).filter(({ name, value }) => names.has(name) && !Number.isNaN(value));
    return [
      { series: `up{${target}}`, values: `${scraped ? 1 : 0}+0x${INTERVALS}` },
      ...samples.map(({ name, labels, value }): Series => {
        const own = Object.entries(labels).map(([key, text]) => `${key}=${JSON.stringify(text)}`);
        const series = `${name}{${[...own, target].join(',')}}`;
        if (!Number.isFinite(value)) return { series, values: `${VERY_LARGE}+0x${INTERVALS}` };
        // A counter begins at its first sample. A gauge that falls ends at what it is now.
        const start = before.get(keyOf(name, labels)) ?? (last === first ? value : 0);
        const growth = Math.max(0, value - (Number.isFinite(start) ? start : 0)) / intervals;
        return { series, values: `${plain(value)}+${plain(growth)}x${INTERVALS}` };
      }),
    ];
  });
}

const valuesOf = (scraped: Scrape | undefined): Map<string, number> =>
  new Map(scraped?.samples.map(({ name, labels, value }) => [keyOf(name, labels), value]));

const keyOf = (name: string, labels: Readonly<Record<string, string>>): string => `${name} ${JSON.stringify(labels)}`;

/** Without an exponent. */
const plain = (value: number): string => value.toFixed(6);
