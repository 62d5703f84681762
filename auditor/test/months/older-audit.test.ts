import { describeOlderAudit } from './older-audit-contract.ts';

describeOlderAudit();
