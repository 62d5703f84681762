import { readFileSync } from 'node:fs';
import { type Fonte, services } from '@pessoa/domain/services';
import { z } from 'zod';
import { camposParam, cpf } from './params.ts';
import type { RestParams, RouteDefinition } from './route-definition.ts';
import { routeSelection, type RouteSelection } from './route-selection.ts';

export interface RestRoute extends RouteDefinition {
  readonly fonte: Fonte;
  /** The text of the whole operation. */
  readonly document: string;
  readonly params: z.ZodType<RestParams>;
  /** What a request asks for. Requests for the same parts share one selection, and so one operation. */
  select(params: RestParams): RouteSelection;
}

/** @throws Error when some choice of parts cannot tell whether the base knows the CPF */
export function restRoute(definition: RouteDefinition): RestRoute {
  const campos = Object.keys(definition.body).filter((name) => name !== 'cpf');
  const shape = { ...definition.query, campos: camposParam(campos) };
  const names = Object.keys(shape).map((name) => `\`${name}\``);
  const query = z.strictObject(shape, {
    error: `A query parameter is not known. This route takes ${names.join(', ')}.`,
  });
  const document = readFileSync(definition.operation, 'utf8');
  const selections = new Map<string, RouteSelection>();
  const selectionOf = (chosenCampos: readonly string[] | undefined): RouteSelection => {
    const isWhole = chosenCampos === undefined || chosenCampos.length === campos.length;
    const key = isWhole ? '' : chosenCampos.toSorted().join();
    let selection = selections.get(key);
    if (!selection) {
      selection = routeSelection(definition, document, isWhole ? undefined : chosenCampos);
      selections.set(key, selection);
    }
    return selection;
  };
  for (const name of campos) selectionOf([name]);

  return {
    ...definition,
    query: shape,
    fonte: services[definition.service],
    document,
    params: z.object({ path: z.object({ cpf }), query }),
    select: ({ query: { campos: chosenCampos } }) => selectionOf(chosenCampos),
  };
}
