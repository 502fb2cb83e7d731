/** Bytes as Latin-1 text at an offset. */
type Signature = readonly [type: string, offset: number, bytes: string]

/** What begins with fixed bytes. None of these may be the beginning of an honest text. */
const SIGNATURES: readonly Signature[] = [
  ['image/png', 0, '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
  ['image/gif', 0, 'GIF8'],
  ['image/tiff', 0, 'II*\0'],
  ['image/tiff', 0, 'MM\0*'],
  ['image/tiff', 0, 'II+\0'],
  ['image/tiff', 0, 'MM\0+'],
  ['application/gzip', 0, '\x1f\x8b'],
  ['application/zip', 0, 'PK\x03\x04'],
  ['application/zip', 0, 'PK\x05\x06'],
  ['application/x-bzip2', 0, 'BZh'],
  ['application/x-xz', 0, '\xfd7zXZ\0'],
  ['application/x-7z-compressed', 0, '7z\xbc\xaf\x27\x1c'],
  ['application/zstd', 0, '\x28\xb5\x2f\xfd'],
  ['application/x-lz4', 0, '\x04\x22\x4d\x18'],
  ['application/x-rar', 0, 'Rar!\x1a\x07'],
  ['application/wasm', 0, '\0asm\x01\0\0\0'],
  ['application/vnd.sqlite3', 0, 'SQLite format 3\0'],
  ['application/vnd.tcpdump.pcap', 0, '\xd4\xc3\xb2\xa1\x02\0\x04\0'],
  ['application/vnd.tcpdump.pcap', 0, '\xa1\xb2\xc3\xd4\0\x02\0\x04'],
  ['application/x-java-applet', 0, '\xca\xfe\xba\xbe\0\0\0'],
  ['application/x-tar', 257, 'ustar\0'],
  ['application/x-tar', 257, 'ustar  \0'],
  ['audio/ogg', 0, 'OggS\0'],
  ['audio/flac', 0, 'fLaC\0'],
  ['font/woff', 0, 'wOFF\0'],
  ['font/woff2', 0, 'wOF2\0'],
]

/** The second word of a RIFF file. */
const RIFF_TYPES: Readonly<Record<string, string>> = {
  WEBP: 'image/webp',
  WAVE: 'audio/x-wav',
  'AVI ': 'video/x-msvideo',
}

/** The major brand of an ISO base media file. */
const BRANDS: readonly (readonly [brand: RegExp, type: string])[] = [
  [/^(?:iso[m2-9]|mp4[12]|avc1|dash)$/, 'video/mp4'],
  [/^M4V $/, 'video/x-m4v'],
  [/^M4A $/, 'audio/x-m4a'],
  [/^qt {2}$/, 'video/quicktime'],
  [/^3gp/, 'video/3gpp'],
  [/^hei[cx]$/, 'image/heic'],
  [/^mif1$/, 'image/heif'],
  [/^avif$/, 'image/avif'],
]

const BMP_HEADER_SIZES = new Set([12, 16, 40, 52, 56, 64, 108, 124])
const ELF_TYPES = [
  'application/x-object',
  'application/x-executable',
  'application/x-sharedlib',
  'application/x-coredump',
]

/** The type of content that a signature gives away, null when none does. */
export function sniffSignature(content: Buffer): string | null {
  const head = content.toString('latin1', 0, 512)
  for (const [type, offset, bytes] of SIGNATURES) {
    if (head.startsWith(bytes, offset) && content.length > bytes.length - 1 + offset) return sized(type, content)
  }
  if (head.length > 3 && head.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (head.slice(0, 256 + 5).includes('%PDF-')) return 'application/pdf'
  if (head.startsWith('RIFF')) return RIFF_TYPES[head.slice(8, 12)] ?? null
  if (head.startsWith('ftyp', 4)) return BRANDS.find(([brand]) => brand.test(head.slice(8, 12)))?.[1] ?? null
  if (head.startsWith('\0\0') && /^(?:moov|mdat)$/.test(head.slice(4, 8))) return 'video/quicktime'
  if (head.startsWith('\x1aE\xdf\xa3')) return sniffMatroska(head)
  if (head.startsWith('BM') && content.length >= 26 && BMP_HEADER_SIZES.has(content.readUInt32LE(14)))
    return 'image/bmp'
  if (/^\xff[\xf2\xf3\xfa\xfb]/.test(head) && head.length > 3 && !head.startsWith('\xff\xff')) return sniffMp3(content)
  if (head.startsWith('\x7fELF') && content.length >= 20) return sniffElf(content)
  return isOldTar(content) ? 'application/x-tar' : null
}

/** Two bytes alone are no gzip file, four are no zip file. */
function sized(type: string, content: Buffer): string | null {
  if (type === 'application/gzip') return content.length > 2 ? type : null
  if (type === 'application/zip') return content.length > 4 ? type : null
  return type
}

/** The document type is an element of the header: id 42 82, one byte of length, the name. */
function sniffMatroska(head: string): string | null {
  const name = /B\x82[\x80-\xff](webm|matroska)/.exec(head)?.[1]
  if (name === undefined) return null
  return name === 'webm' ? 'video/webm' : 'video/x-matroska'
}

/** A frame header of MPEG audio, layer III, whose bit rate and sample rate exist. */
function sniffMp3(content: Buffer): string | null {
  const rates = content[2] ?? 0
  const bitRate = rates >> 4
  return bitRate !== 0 && bitRate !== 15 && (rates & 0x0c) !== 0x0c ? 'audio/mpeg' : null
}

function sniffElf(content: Buffer): string | null {
  const type = content[5] === 2 ? content.readUInt16BE(16) : content.readUInt16LE(16)
  return ELF_TYPES[type - 1] ?? null
}

/** Archives from before "ustar" have nothing but the header's checksum: the sum of its bytes, its own place as blanks. */
function isOldTar(content: Buffer): boolean {
  if (content.length < 512) return false
  const written = /^ *([0-7]{1,7})$/.exec(content.toString('latin1', 148, 156).replaceAll('\0', ' ').trimEnd())?.[1]
  if (written === undefined) return false
  let sum = 8 * 0x20
  for (let at = 0; at < 512; at++) if (at < 148 || at >= 156) sum += content[at] ?? 0
  return sum === Number.parseInt(written, 8)
}
