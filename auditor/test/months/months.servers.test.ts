import { describeMonths } from './months-contract.ts';

describe('On a PostgreSQL of version 15,', () => {
  describeMonths();
});
