import type { FastifyInstance } from 'fastify';

export type Door = 'graphql' | 'rest';

export interface KnownPath {
  /** As the header `Allow` has them: always with OPTIONS, and with HEAD wherever there is GET. */
  readonly methods: readonly string[];
  readonly door: Door | undefined;
}

/** The paths of a server, for an answer to a method that a path does not take. */
export interface RouteTable {
  /** @param url as it stands in the request line */
  at(url: string): KnownPath | undefined;
  /** Every method that some path takes. */
  methods(): readonly string[];
}

type Matcher = (segments: readonly string[]) => boolean;

/**
 * Keeps a table of the routes that are added from now on, and lets each that takes GET take HEAD as well: RFC 9110 section
 * 9.1 asks both of every server.
 */
export function keepRouteTable(app: FastifyInstance): RouteTable {
  const paths = new Map<string, { matches: Matcher; methods: Set<string>; door: Door | undefined }>();
  app.addHook('onRoute', (route) => {
    const methods = new Set([route.method].flat());
    if (methods.has('GET')) methods.add('HEAD');
    route.method = [...methods];
    const known = paths.get(route.url) ?? {
      matches: matcherOf(route.url),
      methods: new Set(['OPTIONS']),
      door: route.config?.door,
    };
    for (const method of methods) known.methods.add(method);
    paths.set(route.url, known);
  });
  return {
    at(url) {
      const segments = segmentsOf(url);
      const known = [...paths.values()].filter(({ matches }) => matches(segments));
      if (known.length === 0) return undefined;
      const methods = new Set(known.flatMap((one) => [...one.methods]));
      return { methods: [...methods].toSorted(), door: known[0]?.door };
    },
    methods: () => [...new Set([...paths.values()].flatMap((one) => [...one.methods]))].toSorted(),
  };
}

/** Each segment that begins with a colon stands for any one that is not empty; a star, the last, for any rest. */
function matcherOf(route: string): Matcher {
  const segments = route.split('/');
  const hasRest = segments.at(-1) === '*';
  const fixed = hasRest ? segments.slice(0, -1) : segments;
  return (given) => {
    if (hasRest ? given.length < segments.length : given.length !== segments.length) return false;
    return fixed.every((segment, at) => (segment.startsWith(':') ? given[at] !== '' : given[at] === segment));
  };
}

/** Decoded, without the query; the form with scheme and host, which a proxy is sent, without those. */
function segmentsOf(url: string): string[] {
  const path = url.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0] ?? '';
  const segments = path.split('/');
  try {
    return segments.map(decodeURIComponent);
  } catch {
    return segments;
  }
}
