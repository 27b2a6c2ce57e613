/** The package has no types of its own. */
declare module "proxy-from-env" {
  /** @returns the value of the variable that applies to the URL; empty where none does, or NO_PROXY excepts it */
  export function getProxyForUrl(url: string): string;
}
