import { describeOlderAudit } from './older-audit-contract.ts';

describe('On a PostgreSQL of version 15,', () => {
  describeOlderAudit();
});
