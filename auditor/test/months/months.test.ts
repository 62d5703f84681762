import { describeMonths } from './months-contract.ts';

describeMonths();
