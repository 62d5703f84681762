// A suite whose log holds what a caller of `scan-logs.test.ts` asks for. No run of `npm test` picks it: its name ends otherwise.
import { testLog } from '../../src/logs/test-log.ts';

it('passes, whatever it logs', () => {
  testLog().logger.info({ rota: process.env['PESSOA_TEST_LOGGED'] }, 'a request');
});
