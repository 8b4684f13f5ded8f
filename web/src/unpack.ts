// Undoes src/gaoyuan/report/packing.py; both change together.

export type Numbers = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

export interface Packed {
  header: Record<string, unknown>;
  arrays: Record<string, Numbers>;
}

/** A ring of points, longitude and latitude in degrees, closed. */
export type Ring = [number, number][];
/** Polygons of one shape; none where it has no outline. */
export type Shape = Ring[][];

const KINDS = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, i4: Int32Array, f4: Float32Array, f8: Float64Array };
const MAGIC = "GYM1";

export async function unpack(base64: string): Promise<Packed> {
  const text = atob(base64.trim());
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const raw = await new Response(stream).arrayBuffer();
  if (new TextDecoder().decode(raw.slice(0, 4)) !== MAGIC) throw new Error("not the data of a map page");
  const begin = 8 + new DataView(raw).getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(raw.slice(8, begin))) as Record<string, unknown>;
  const arrays: Record<string, Numbers> = {};
  for (const [name, place] of Object.entries(header["arrays"] as Record<string, [keyof typeof KINDS, number, number]>)) {
    const [kind, offset, length] = place;
    arrays[name] = new KINDS[kind](raw, begin + offset, length);
  }
  return { header, arrays };
}

/** Reads whole numbers of 7 bits a byte, one after the other. */
export class Varints {
  private at = 0;
  constructor(private readonly bytes: Numbers) {}

  next(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.bytes[this.at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }

  signed(): number {
    const value = this.next();
    return value % 2 ? -(value + 1) / 2 : value / 2;
  }
}

export function shapes(bytes: Numbers, count: number, step: number): Shape[] {
  const numbers = new Varints(bytes);
  const found: Shape[] = [];
  let x = 0;
  let y = 0;
  for (let s = 0; s < count; s++) {
    const shape: Shape = [];
    for (let polygons = numbers.next(); polygons > 0; polygons--) {
      const rings: Ring[] = [];
      for (let left = numbers.next(); left > 0; left--) {
        const ring: Ring = [];
        for (let points = numbers.next(); points > 0; points--) {
          x += numbers.signed();
          y += numbers.signed();
          ring.push([x * step, y * step]);
        }
        ring.push(ring[0]!);
        rings.push(ring);
      }
      shape.push(rings);
    }
    found.push(shape);
  }
  return found;
}
