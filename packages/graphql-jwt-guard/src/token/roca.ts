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

/** The remainders of the powers of 65537, divided by a prime. */
function powersOf65537(prime: number): ReadonlySet<number> {
  const powers = new Set<number>();
  for (let power = 1; !powers.has(power); power = (power * 65_537) % prime) powers.add(power);
  return powers;
}

const powersByPrime = primes.map((prime) => [BigInt(prime), powersOf65537(prime)] as const);

/**
 * Whether an RSA modulus has the weakness CVE-2017-15361 ("ROCA"): modulo each of these primes it is a power of 65537.
 * Infineon's library made such moduli from 2012 to 2017, and their factors can be found. About one sound modulus in 200
 * million has this form by chance.
 */
export const isRocaModulus = (modulus: bigint): boolean =>
  powersByPrime.every(([prime, powers]) => powers.has(Number(modulus % prime)));
