// Borders between groups of counties, from the counties' own outlines: what two counties of a group share is none.

import type { Shape } from "../../unpack";

type Line = [number, number][];
const NOBODY = -1;

export class Borders {
  /** For each ring in order: its county, its points, and on the other side of each edge the county there. */
  private readonly rings: { county: number; points: Line; beyond: Int32Array }[] = [];

  constructor(shapes: Shape[], step: number) {
    const vertices = new Map<number, number>();
    const first = new Map<number, number>();
    const second = new Map<number, number>();
    const many = 2 ** 21;
    const vertex = ([x, y]: [number, number]): number => {
      const place = Math.round(x / step) * 262144 + Math.round(y / step);
      let found = vertices.get(place);
      if (found === undefined) vertices.set(place, (found = vertices.size));
      return found;
    };
    const keyed: Float64Array[] = [];
    shapes.forEach((shape, county) => {
      for (const polygon of shape)
        for (const points of polygon) {
          const keys = new Float64Array(points.length - 1);
          let from = vertex(points[0]!);
          for (let i = 1; i < points.length; i++) {
            const to = vertex(points[i]!);
            const key = from < to ? from * many + to : to * many + from;
            if (first.has(key)) second.set(key, county);
            else first.set(key, county);
            keys[i - 1] = key;
            from = to;
          }
          keyed.push(keys);
          this.rings.push({ county, points, beyond: new Int32Array(keys.length) });
        }
    });
    this.rings.forEach((ring, at) => {
      const keys = keyed[at]!;
      for (let i = 0; i < keys.length; i++) {
        const [one, other] = [first.get(keys[i]!)!, second.get(keys[i]!) ?? NOBODY];
        ring.beyond[i] = one === ring.county ? other : one;
      }
    });
  }

  /** The lines between counties of different groups, each once; the outside is a group of its own. */
  between(group: ArrayLike<number>): GeoJSON.MultiLineString {
    return this.lines((county, beyond) => beyond === NOBODY || (county < beyond && group[county] !== group[beyond]));
  }

  /** The outline of some counties together. */
  around(counties: Set<number>): GeoJSON.MultiLineString {
    return this.lines((county, beyond) => counties.has(county) && !counties.has(beyond));
  }

  private lines(drawn: (county: number, beyond: number) => boolean): GeoJSON.MultiLineString {
    const found: Line[] = [];
    for (const { county, points, beyond } of this.rings) {
      let line: Line | null = null;
      for (let i = 0; i < beyond.length; i++) {
        if (!drawn(county, beyond[i]!)) {
          line = null;
          continue;
        }
        if (line) line.push(points[i + 1]!);
        else found.push((line = [points[i]!, points[i + 1]!]));
      }
    }
    return { type: "MultiLineString", coordinates: found };
  }
}
