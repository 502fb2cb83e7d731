import { crc32, deflateSync } from 'node:zlib'
import { chance } from './seeded.ts'

const width = 320
const height = 200
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

type Colour = readonly [red: number, green: number, blue: number]
type Area = readonly [x: number, y: number, width: number, height: number]

/** A page of a shop with an error banner, as a PNG of a few hundred bytes; the seed decides what is on it. */
export function drawScreenshot(seed: string): Buffer {
  const pixels = Buffer.alloc(width * height * 3, 0xfa)
  const fill = (colour: Colour, [left, top, wide, high]: Area) => {
    const row = Buffer.alloc(wide * 3)
    for (let x = 0; x < wide; x++) row.set(colour, x * 3)
    for (let y = top; y < top + high; y++) row.copy(pixels, (y * width + left) * 3)
  }
  fill([0x2d, 0x3e, 0x50], [0, 0, width, 22])
  fill([0xff, 0xff, 0xff], [70, 6, 180, 10])
  fill([0xc9, 0x19, 0x0b], [16, 32, width - 32, 18])
  fill([0xff, 0xe0, 0xdd], [24, 38, 150, 6])
  for (let card = 0; card < 6; card++) {
    const [left, top] = [16 + (card % 3) * 98, 60 + Math.floor(card / 3) * 68]
    const shade = (part: string) => 120 + Math.floor(chance(`${part} of card ${card}: ${seed}`) * 110)
    fill([0xff, 0xff, 0xff], [left, top, 90, 60])
    fill([shade('red'), shade('green'), shade('blue')], [left + 6, top + 6, 78, 32])
    fill([0x88, 0x8f, 0x98], [left + 6, top + 44, 30 + Math.floor(chance(`${card} ${seed}`) * 45), 5])
  }
  return encodePng(pixels)
}

/** PNG of rows of RGB bytes: header, one compressed block, end. */
function encodePng(pixels: Buffer): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // 8 bits for each of three colours; compression, filter and interlace methods are 0.
  header.set([8, 2, 0, 0, 0], 8)
  const lines = Buffer.alloc((width * 3 + 1) * height)
  for (let y = 0; y < height; y++) {
    // The first byte of a line is its filter: none.
    pixels.copy(lines, y * (width * 3 + 1) + 1, y * width * 3, (y + 1) * width * 3)
  }
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, check])
}
