/** Remembers what `make` made for the keys used last. */
export function boundedCache<Value>(most: number, make: (key: string) => Value): (key: string) => Value {
  const values = new Map<string, Value>();
  return (key) => {
    const known = values.get(key);
    const value = known ?? make(key);
    // A Map keeps the order of insertion: what was used last goes to its end, and its first is forgotten.
    if (known !== undefined) values.delete(key);
    values.set(key, value);
    if (values.size > most) values.delete(values.keys().next().value as string);
    return value;
  };
}
