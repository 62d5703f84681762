import { systemClock } from '@pessoa/domain/data';
import { pessoaHome } from '@pessoa/operations/system/home';
import { postgresUrl, readEnvironment } from '@pessoa/service/config/environment';
import { readDemonstration } from '@pessoa/service/development/demonstration-file';
import { ensureDemonstration } from '../start/demonstration.ts';

/**
 * The `seed` job: fills empty bases with fictitious people, once, and moves them forward to today for as long as nobody has
 * touched them. Bases with data of their own stay as they are.
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
      ? `${loaded.pessoas} fictitious people of ${loaded.hoje}` // nobody's CPF: what a container prints is its log
      : 'the bases have data of their own; nothing was loaded',
  );
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
