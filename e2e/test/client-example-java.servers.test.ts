import { clientExamples } from '../src/client-examples.ts';
import { describeClientExamples } from './client-example-suite.ts';

// Among the suites that need servers, because Elasticsearch needs a JDK too.
describeClientExamples([['Java', clientExamples.Java]]);
