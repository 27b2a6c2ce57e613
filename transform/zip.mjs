// A zip archive with one file, stored as it is: compressing would make the bytes depend on the zlib of the Node that
// builds, and the bundle is small. Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT

const VERSION = 20;
/** 1980-01-01 00:00, the first moment that zip knows: the archive does not depend on when it was built. */
const DOS_DATE = 0x0021;
const MADE_ON_UNIX = 3 << 8;
/** A regular file that everyone may read: Lambda runs the function as another user. */
const ATTRIBUTES = 0o100644 * 0x10000;

/**
 * @param {string} name of the file in the archive
 * @param {Uint8Array} content
 * @returns {Buffer} the same bytes for the same input, on every machine
 */
export function zipOf(name, content) {
  const path = Buffer.from(name);
  const shared = sharedFields(path, content);
  const local = Buffer.concat([record(0x04034b50, [[2, VERSION], ...shared]), path]);
  const entry = record(0x02014b50, [
    [2, MADE_ON_UNIX | VERSION],
    [2, VERSION],
    ...shared,
    [2, 0], // comment
    [2, 0], // disk
    [2, 0], // internal attributes
    [4, ATTRIBUTES],
    [4, 0], // offset of the local header
  ]);
  const directory = Buffer.concat([entry, path]);
  const end = record(0x06054b50, [
    [2, 0],
    [2, 0],
    [2, 1],
    [2, 1],
    [4, directory.length],
    [4, local.length + content.length],
    [2, 0],
  ]);
  return Buffer.concat([local, content, directory, end]);
}

/** From the flags to the length of the extra field: the same in the local header and in the directory. */
function sharedFields(path, content) {
  return [
    [2, 0], // flags
    [2, 0], // method: stored
    [2, 0], // time
    [2, DOS_DATE],
    [4, crc32(content)],
    [4, content.length],
    [4, content.length],
    [2, path.length],
    [2, 0], // extra field
  ];
}

/** Little-endian numbers of two or four bytes, behind a signature. */
function record(signature, fields) {
  const all = [[4, signature], ...fields];
  const bytes = Buffer.alloc(all.reduce((sum, [width]) => sum + width, 0));
  let at = 0;
  for (const [width, value] of all) at = bytes.writeUIntLE(value, at, width);
  return bytes;
}

/** zlib.crc32 came with Node 20.15; this runs from 20.9 on. */
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
