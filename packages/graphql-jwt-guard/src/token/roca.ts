const primes = [
  11,
  13,
  17,
  19,
  37,
  53,
  61,
  71,
  73,
  79,
  97,
  103,
  107,
  109,
  127,
  151,
  157, // prettier-ignore
];

/** What the powers of 65537 leave over when divided by a prime. */
function powersOf65537(prime: number): ReadonlySet<number> {
  const powers = new Set<number>();
  for (let power = 1; !powers.has(power); power = (power * 65_537) % prime) powers.add(power);
  return powers;
}

const marks = primes.map((prime) => [BigInt(prime), powersOf65537(prime)] as const);

/**
 * Whether a modulus has the form of those made by Infineon's library of 2012 to 2017 (CVE-2017-15361, "ROCA"), whose
 * factors can be found: modulo each of these primes it is a power of 65537. One in 200 million others is taken for such.
 */
export const isRocaModulus = (modulus: bigint): boolean =>
  marks.every(([prime, powers]) => powers.has(Number(modulus % prime)));
