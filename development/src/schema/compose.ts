import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { serviceNames } from '@pessoa/domain/services';
import { root } from '@pessoa/operations/system/home';
import { readArguments, runCommand } from '@pessoa/service/processes/command-line';
import { parse, printSchema } from 'graphql';

const schema = join(root, 'schema');

/** Composes the three subgraphs into `supergraph.graphql`, which the router reads, and `api.graphql`, which clients see. */
async function compose(): Promise<Record<string, string>> {
  const services = await Promise.all(
    serviceNames.map(async (name) => ({
      name,
      url: `http://${name}.invalid/graphql`, // the router's settings have the real URLs
      typeDefs: parse(await readFile(join(schema, `${name}.graphql`), 'utf8')),
    })),
  );
  const composition = composeServices(services);
  if (composition.errors)
    throw new Error(`the subgraphs do not compose:\n${composition.errors.map(({ message }) => message).join('\n')}`);
  if (composition.hints.length > 0) throw new Error(`composition hints:\n${composition.hints.map(String).join('\n')}`);
  return {
    'supergraph.graphql': `${composition.supergraphSdl.trimEnd()}\n`,
    'api.graphql': `${printSchema(composition.schema.toAPISchema().toGraphQLJSSchema()).trimEnd()}\n`,
  };
}

const command = {
  name: 'npm run schema:compose',
  about: 'Composes the three subgraphs into schema/supergraph.graphql and schema/api.graphql.',
  options: { check: { type: 'boolean', default: false, about: 'writes nothing; exit code 1 when one is stale' } },
} as const;

await runCommand(command, async (args) => {
  const { check } = readArguments(command, args).values;
  for (const [name, sdl] of Object.entries(await compose())) {
    const file = join(schema, name);
    const current = await readFile(file, 'utf8').catch(() => '');
    if (current === sdl) continue;
    if (check) {
      console.error(`schema/${name} is stale: run \`npm run schema:compose\` and commit it`);
      process.exitCode = 1;
    } else {
      await writeFile(file, sdl);
      console.log(`schema/${name} written`);
    }
  }
});
