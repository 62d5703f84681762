import { maskSecrets } from '../logging/logger.ts';

/** The value of a label for everything beyond the first values. */
export const OTHER = 'other';

/**
 * Bounds the values of a label: the first `max` values have a series each, all later ones share `other`. Without a bound, whoever can
 * choose a value could fill the memory of the process and of Prometheus.
 *
 * @param toLabel makes the label of a value; it is called once for each value that gets a series of its own
 */
export function boundedLabels(max: number, toLabel: (value: string) => string = (value) => value) {
  const labels = new Map<string, string>();
  return (value: string): string => {
    const known = labels.get(value);
    if (known !== undefined) return known;
    if (labels.size >= max) return OTHER;
    const label = toLabel(value);
    labels.set(value, label);
    return label;
  };
}

/** Whether a text may be a label: it does not look like a CPF, a token or a connection string. */
export const isNameForLabel = (text: string): boolean => maskSecrets(text) === text;
