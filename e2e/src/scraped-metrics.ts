/** One sample of the text format of Prometheus. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The metrics of one process, as it serves them. */
export interface Scrape {
  readonly text: string;
  /** The names of all metrics, those without a sample too. */
  readonly names: ReadonlySet<string>;
  readonly samples: readonly Sample[];
  /** The sum of the samples of a metric that have these labels. NaN without one. */
  sum(name: string, labels?: Readonly<Record<string, string>>): number;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Reads `/metrics` of a process. @param url the `metricsUrl` of a service */
export async function scrape(url: string | undefined): Promise<Scrape> {
  const response = await fetch(`${url}/metrics`);
  if (response.status !== 200) throw new Error(`/metrics answers ${response.status}`);
  const text = await response.text();
  const lines = text.split('\n');
  const types = lines.flatMap((line) => /^# TYPE (\S+) (\S+)$/.exec(line)?.slice(1, 3) ?? []);
  const names = new Set<string>();
  for (let index = 0; index < types.length; index += 2) {
    const [name, type] = [types[index]!, types[index + 1]!];
    names.add(name);
    if (type === 'histogram') for (const suffix of ['_bucket', '_sum', '_count']) names.add(`${name}${suffix}`);
  }
  const samples = lines.filter((line) => line !== '' && !line.startsWith('#')).map(sampleOf);
  return {
    text,
    names,
    samples,
    sum(name, labels = {}) {
      const matching = samples.filter(
        (sample) =>
          sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
      );
      return matching.length === 0 ? Number.NaN : matching.reduce((sum, { value }) => sum + value, 0);
    },
  };
}

function sampleOf(line: string): Sample {
  const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
  if (name === undefined) throw new Error(`not a sample: ${line}`);
  const pairs = [...labels.matchAll(LABEL)].map(([, key, text]) => [key, text]);
  return { name, labels: Object.fromEntries(pairs) as Record<string, string>, value: toNumber(value!) };
}

/** prom-client writes `Nan`. */
const toNumber = (text: string): number =>
  /^nan$/i.test(text) ? Number.NaN : Number(text.replace(/^([+-])Inf$/, '$1Infinity'));
