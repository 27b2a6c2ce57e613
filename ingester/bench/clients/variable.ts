/** An environment variable that the benchmark sets for its clients. */
export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: start this through npm run bench.`);
  return value;
}
