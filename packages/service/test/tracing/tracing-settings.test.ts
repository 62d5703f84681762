import { readEnvironment } from '../../src/config/environment.ts';
import { isTracing, openTrace, tracedBatch } from '../../src/tracing/tracing.ts';
import { readTracing, tracingVariables } from '../../src/tracing/tracing-settings.ts';

const read = (env: Record<string, string>) => readTracing(readEnvironment('teste', tracingVariables, env));
const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

describe('Traces', () => {
  it('are off without an endpoint, and when they are switched off', () => {
    expect(read({})).toBeUndefined();
    expect(read({ ...ENDPOINT, OTEL_SDK_DISABLED: 'true' })).toBeUndefined();
    expect(read({ ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' })).toBeUndefined();
  });

  it('go to the endpoint by the variables of OpenTelemetry', () => {
    expect(read(ENDPOINT)).toMatchObject({ url: 'http://collector:4318/v1/traces', sampler: 'parentbased_always_on' });
    expect(
      read({
        ...ENDPOINT,
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://other/spans',
        OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20b, x=1',
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_TRACES_SAMPLER: 'traceidratio',
        OTEL_TRACES_SAMPLER_ARG: '0.01',
        OTEL_SERVICE_NAME: 'meu',
      }),
    ).toEqual({
      url: 'https://other/spans',
      headers: { 'api-key': 'a b', x: '1' },
      protocol: 'http/json',
      timeoutMillis: 10_000,
      sampler: 'traceidratio',
      ratio: 0.01,
      serviceName: 'meu',
    });
  });

  it.each([
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
    ['OTEL_TRACES_SAMPLER_ARG', 'one'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_SDK_DISABLED', 'yes'],
  ])('are refused by name: %s=%s', (name, value) => {
    expect(() => read({ ...ENDPOINT, [name]: value })).toThrow(name);
  });

  it('cost nothing while they are off: a batch is the load itself, and a request has no trace', async () => {
    expect(isTracing()).toBe(false);
    const load = async (): Promise<number[]> => [];
    expect(tracedBatch('dividas', load)).toBe(load);
    const request = { name: 'GET /', service: 'router', startedAt: 0 };
    expect(openTrace(request, `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`)).toBeUndefined();
  });
});
