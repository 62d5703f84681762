import { TestEnvironment } from 'jest-environment-node';
import type { ClientCall } from './client-calls.ts';
import { explain } from './explained-failure.ts';

interface TestEvent {
  readonly name: string;
  readonly error?: unknown;
}

/** Jest's Node environment. A failing test also prints its last calls of the graph and their answers. */
export default class ExplainingEnvironment extends TestEnvironment {
  handleTestEvent({ name, error }: TestEvent): void {
    const calls = (this.global as { clientCalls?: ClientCall[] }).clientCalls;
    if (!calls) return;
    if (name === 'test_start') calls.length = 0;
    if (name === 'test_fn_failure') explain(error, calls);
  }
}
