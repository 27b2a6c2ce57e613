type ByTypeAndId = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** What a stack is synthesized to: Terraform's JSON syntax, as far as reviews look into it. */
export interface TerraformJson {
  readonly resource?: ByTypeAndId;
  readonly data?: ByTypeAndId;
  readonly moved?: readonly Move[];
  readonly [block: string]: unknown;
}

/** Informs Terraform that what it knows under one address now goes by another. */
export interface Move {
  readonly from: string;
  readonly to: string;
}
