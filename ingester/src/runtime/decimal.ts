/**
 * Numbers in plain decimal notation, wherever a person writes one: `1e3`, `0x10`, `1,000` and `+5` are typing mistakes
 * more often than intentions.
 * @returns undefined for anything else
 * @example parseDecimal("2.50") // 2.5
 */
export function parseDecimal(text: string): number | undefined {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}
