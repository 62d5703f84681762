/** One request asks about a person about ten times, and the same people come again. */
const REMEMBERED_MAX = 4_096;

/** A function that remembers what it computed for the last keys, 4,096 at most. */
export function remembered<Key, Value extends {}>(compute: (key: Key) => Value): (key: Key) => Value {
  const values = new Map<Key, Value>();
  return (key) => {
    let value = values.get(key);
    if (value === undefined) {
      value = compute(key);
      if (values.size >= REMEMBERED_MAX) values.clear();
      values.set(key, value);
    }
    return value;
  };
}
