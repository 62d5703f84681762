import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { type PassingTime, passingTime } from '@pessoa/testkit/passing-time';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { countedExporter, type LostSpans } from '../../src/tracing/counted-exporter.ts';

const SECRET = 'Bearer chave-do-coletor';
const spans = Array.from({ length: 3 }, () => ({}) as ReadableSpan);

describe('An exporter of spans', () => {
  let time: PassingTime;
  beforeEach(() => {
    time = passingTime();
  });
  afterEach(() => time.restore());

  /** An exporter whose next exports end with these errors. */
  function exporterWith(errors: (Error | undefined)[]) {
    const said: LostSpans[] = [];
    const inner: SpanExporter = {
      export(_spans, done) {
        const error = errors.shift();
        done(error ? { code: 1, error } : { code: 0 });
      },
      shutdown: async () => {},
    };
    const exporter = countedExporter(inner, (lost) => said.push(lost));
    const send = () => new Promise<number>((resolve) => exporter.export(spans, ({ code }) => resolve(code)));
    return { said, send };
  }

  const counts = async (): Promise<number[]> => {
    const text = await createMetrics('teste').getSingleMetricAsString('pessoa_trace_spans_total');
    return ['sent', 'lost'].map((result) => Number(new RegExp(`result="${result}".*\\} (\\d+)$`, 'm').exec(text)?.[1]));
  };

  it('counts what is sent and what is lost, and says it once in five minutes, with a code and no text', async () => {
    const refused = Object.assign(new Error(`401 for ${SECRET}`), { code: 401, data: SECRET });
    const unreachable = Object.assign(new Error(`connect ${SECRET}`), { code: 'ECONNREFUSED' });
    const { said, send } = exporterWith([undefined, refused, refused, unreachable, new Error(SECRET)]);
    const [sentBefore, lostBefore] = await counts();
    expect(await send()).toBe(0);
    expect(said).toEqual([]);
    for (let lost = 0; lost < 2; lost++) expect(await send()).toBe(1);
    expect(said).toEqual([{ spans: 3, codigo: '401' }]);
    time.pass(300_001);
    await send();
    expect(said.slice(1)).toEqual([{ spans: 6, codigo: 'ECONNREFUSED' }]);
    time.pass(300_001);
    await send();
    expect(said.slice(2)).toEqual([{ spans: 3, codigo: 'Error' }]);
    expect(JSON.stringify(said)).not.toContain(SECRET);
    expect(await counts()).toEqual([sentBefore! + 3, lostBefore! + 12]);
  });
});
