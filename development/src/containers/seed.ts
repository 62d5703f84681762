import { systemClock } from '@pessoa/domain/data';
import { pessoaHome } from '@pessoa/operations/system/home';
import { postgresUrl, readEnvironment } from '@pessoa/service/config/environment';
import { readDemonstration } from '@pessoa/service/development/demonstration-file';
import { ensureDemonstration } from '../start/demonstration.ts';

/**
 * The `seed` job: fills empty bases with fictitious people. On a later day it loads the same people anew for that day,
 * unless somebody changed the bases. It never touches bases with other data.
 */
try {
  const owners = { BASE_A_ADMIN_URL: postgresUrl, BASE_B_ADMIN_URL: postgresUrl, BASE_C_ADMIN_URL: postgresUrl };
  const values = readEnvironment('seed', owners, process.env);
  const home = pessoaHome(process.env);
  const urls = { baseA: values.BASE_A_ADMIN_URL, baseB: values.BASE_B_ADMIN_URL, baseC: values.BASE_C_ADMIN_URL };
  await ensureDemonstration(home, urls, systemClock);
  const loaded = await readDemonstration(home);
  console.log(
    loaded
      ? `${loaded.pessoas} fictitious people of ${loaded.hoje}` // no CPF: the output of a container is a log
      : 'the bases have data of their own; nothing was loaded',
  );
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
