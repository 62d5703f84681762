/** A person with a known outcome, as the product scores them. */
export interface ScoredPerson {
  readonly inadimplente: boolean;
  /** 0 to 1000; higher is better. */
  readonly valor: number;
  readonly faixa: string;
  /** The chance of default that the score implies, 0 to 1. */
  readonly chance: number;
  /** Completed years; null when Base B has no birth date. */
  readonly idade: number | null;
  readonly fatores: readonly ScoredFator[];
}

export interface ScoredFator {
  readonly codigo: string;
  readonly faixaDoValor: string;
  readonly pontos: number;
}
