import DataLoader from 'dataloader';

/**
 * A DataLoader for each distinct set of arguments of a field: people asked for with the same arguments share a
 * statement, and `a: dividas(first: 5)` beside `b: dividas(first: 50)` are two.
 */
export function loaderPerArguments<Arguments, Key, Value>(
  load: (args: Arguments, keys: readonly Key[]) => Promise<readonly Value[]>,
): (args: Arguments) => DataLoader<Key, Value> {
  const loaders = new Map<string, DataLoader<Key, Value>>();
  return (args) => {
    const id = JSON.stringify(args);
    let loader = loaders.get(id);
    if (!loader)
      loaders.set(id, (loader = new DataLoader<Key, Value>(async (keys) => load(args, keys) as Promise<Value[]>)));
    return loader;
  };
}
