/**
 * A record that is committed later than this after its instant counts as one with a false date, in milliseconds. Clocks of services differ,
 * and answers that end together are committed together: so much records may be out of order.
 */
export const LATE_MILLIS = 60_000;
