import { clientExamples } from '../src/client-examples.ts';
import { describeClientExamples } from './client-example-suite.ts';

const { Java: _, ...withoutJdk } = clientExamples;

describeClientExamples(Object.entries(withoutJdk));
