import { TestEnvironment } from 'jest-environment-node';
import type { AskedCall } from './asked-calls.ts';
import { explain } from './explained-failure.ts';

interface TestEvent {
  readonly name: string;
  readonly error?: unknown;
}

/** Node's environment of tests, where a test that fails also prints what it asked of the graph last, and the answers. */
export default class ExplainingEnvironment extends TestEnvironment {
  handleTestEvent({ name, error }: TestEvent): void {
    const calls = (this.global as { askedCalls?: AskedCall[] }).askedCalls;
    if (!calls) return;
    if (name === 'test_start') calls.length = 0;
    if (name === 'test_fn_failure') explain(error, calls);
  }
}
