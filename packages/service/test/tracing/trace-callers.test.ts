import { randomBytes } from 'node:crypto';
import { startTracing } from '../../src/tracing/start-tracing.ts';
import { isTracing, openTrace, type TraceCaller } from '../../src/tracing/tracing.ts';
import type { SamplerName } from '../../src/tracing/tracing-settings.ts';

const SPAN = 'b'.repeat(16);
const newTraceId = (): string => randomBytes(16).toString('hex');
/** A ratio samples it, however small the ratio is. */
const CHOSEN = `${'0'.repeat(31)}1`;

const config = { protocol: 'http/json', headers: {}, timeoutMillis: 100, serviceName: undefined } as const;
const collector = { ...config, url: 'http://127.0.0.1:9/v1/traces' };

/** @returns what becomes of a trace whose sender is found out */
function begun(caller: TraceCaller, traceparent: string | undefined) {
  const trace = openTrace({ name: 'GET /', service: 'router', startedAt: performance.now() }, traceparent)!;
  expect([trace.span, trace.traceparent]).toEqual([undefined, undefined]);
  trace.begin(caller);
  return trace;
}

async function traced(sampler: SamplerName, ratio: number, work: () => void): Promise<void> {
  const tracing = await startTracing({ ...collector, sampler, ratio }, 'teste');
  try {
    work();
  } finally {
    await tracing.close();
  }
  expect(isTracing()).toBe(false);
}

const isSampled = (caller: TraceCaller, traceparent: string | undefined): boolean =>
  begun(caller, traceparent).span !== undefined;

describe('The flag of a traceparent', () => {
  it.each<[SamplerName, Record<TraceCaller, readonly [sampled: boolean, notSampled: boolean]>]>([
    ['parentbased_always_off', { unknown: [false, false], client: [true, false], router: [true, false] }],
    ['parentbased_always_on', { unknown: [true, true], client: [true, false], router: [true, false] }],
    ['parentbased_traceidratio', { unknown: [false, false], client: [true, false], router: [true, false] }],
    ['traceidratio', { unknown: [false, false], client: [false, false], router: [true, false] }],
    ['always_off', { unknown: [false, false], client: [false, false], router: [false, false] }],
    ['always_on', { unknown: [true, true], client: [true, true], router: [true, true] }],
  ])('decides only for a sender that is believed: %s', async (sampler, expected) => {
    await traced(sampler, 0, () => {
      for (const [caller, decisions] of Object.entries(expected) as [TraceCaller, readonly [boolean, boolean]][]) {
        const seen = ['01', '00'].map((flag) => isSampled(caller, `00-${newTraceId()}-${SPAN}-${flag}`));
        expect([caller, seen]).toEqual([caller, decisions]);
      }
    });
  });

  it.each<SamplerName>(['parentbased_traceidratio', 'traceidratio'])(
    'and a chosen trace id force nothing for a sender that is not known: %s',
    async (sampler) => {
      await traced(sampler, 0.01, () => {
        let sampled = 0;
        for (let request = 0; request < 500; request++)
          if (isSampled('unknown', `00-${CHOSEN}-${SPAN}-01`)) sampled += 1;
        expect(sampled).toBeLessThan(50);
      });
      await traced(sampler, 1, () => expect(isSampled('unknown', `00-${newTraceId()}-${SPAN}-00`)).toBe(true));
    },
  );

  it('is the first that counts, and the trace id is kept, sampled or not', async () => {
    await traced('parentbased_always_off', 1, () => {
      const traceId = newTraceId();
      const sent = `00-${traceId}-${SPAN}-01`;
      const unknown = begun('unknown', sent);
      unknown.begin('client');
      expect(unknown.span).toBeUndefined();
      expect(unknown.traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
      const known = begun('client', sent);
      expect(known.traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
    });
  });

  it('is not needed: without one the sampler decides', async () => {
    await traced('parentbased_always_on', 1, () => expect(isSampled('unknown', undefined)).toBe(true));
    await traced('parentbased_traceidratio', 0, () => expect(isSampled('client', undefined)).toBe(false));
  });
});
