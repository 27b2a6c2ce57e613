/** A line of a list of figures. @param attribute by which the script finds its value */
export function row(label: string, attribute: string): string {
  return `<div><dt>${label}</dt><dd ${attribute}>–</dd></div>`;
}
