import { tracedBatch } from '@pessoa/service/tracing/tracing';
import DataLoader from 'dataloader';

/**
 * Makes one DataLoader for each distinct set of arguments of a field. People with the same arguments share one statement;
 * `a: dividas(first: 5)` beside `b: dividas(first: 50)` need two.
 *
 * @param name what is loaded, for the spans
 */
export function loaderPerArguments<Arguments, Key, Value>(
  name: string,
  load: (args: Arguments, keys: readonly Key[]) => Promise<readonly Value[]>,
): (args: Arguments) => DataLoader<Key, Value> {
  const loaders = new Map<string, DataLoader<Key, Value>>();
  return (args) => {
    const id = JSON.stringify(args);
    let loader = loaders.get(id);
    if (!loader)
      loaders.set(
        id,
        (loader = new DataLoader<Key, Value>(tracedBatch(name, async (keys) => load(args, keys) as Promise<Value[]>))),
      );
    return loader;
  };
}
