const NEWLINE = 0x0a;

/** The lines of a record that hold anything, without their newlines; views, not copies. */
export function linesOf(record: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < record.length; ) {
    const newline = record.indexOf(NEWLINE, start);
    const end = newline === -1 ? record.length : newline;
    const line = trimmed(record.subarray(start, end));
    if (line.length > 0) lines.push(line);
    start = end + 1;
  }
  return lines;
}

/** Without JSON's white space at both ends; a producer on Windows leaves a carriage return. */
function trimmed(line: Buffer): Buffer {
  let start = 0;
  let end = line.length;
  while (start < end && isSpace(line[start])) start += 1;
  while (end > start && isSpace(line[end - 1])) end -= 1;
  return line.subarray(start, end);
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}
