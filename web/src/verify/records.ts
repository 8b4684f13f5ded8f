// The records of a pack, made again from what is shown, and their one proof.

import { type Fields, type Json, Wrong, canonical, need, utf8 } from "./formats";
import { concat, hex, hmac, sha256 } from "./hashing";

export interface Entry {
  index: number;
  kind: string;
  said: Fields;
  shown: Record<string, string>;
  leaf: string;
  hash: Uint8Array;
}

const fromHex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (two) => parseInt(two, 16));
const HASH = /^[0-9a-f]{64}$/;

export const hashes = (given: Json): Uint8Array[] => {
  need(Array.isArray(given) && given.every((one) => typeof one === "string" && HASH.test(one)), "哈希格式错误", "a hash is malformed");
  return (given as string[]).map(fromHex);
};

export function readEntry(plain: Json): Entry {
  const given = plain as Fields;
  const said = given["public"] as Fields, open = given["open"] as Fields, closed = given["closed"] as Fields;
  const well = said && open && closed && Object.keys(given).length === 5 && Number.isSafeInteger(given["index"]) && typeof said["kind"] === "string";
  need(well, "证据包中的记录格式错误", "a record of the pack is malformed");
  const commitments: Fields = {}, shown: Record<string, string> = {};
  for (const [name, pair] of Object.entries(open)) {
    const [salt, value] = pair as Json[];
    need(typeof salt === "string" && HASH.test(salt) && typeof value === "string" && !(name in closed), "证据包中的记录格式错误", "a record of the pack is malformed");
    commitments[name] = hex(hmac(fromHex(salt), utf8(canonical([name, value]))));
    shown[name] = value;
  }
  Object.assign(commitments, closed);
  const content = utf8(canonical({ commitments, format: "gaoyuan/record/v1", public: said }));
  const hash = sha256(concat(new Uint8Array([0]), content));
  const index = given["index"] as number, leaf = hex(hash);
  need(leaf === given["leaf"], `第 ${index} 条记录：所示内容与入日志时不符`, `record ${index}: what is shown is not what the record was made with`);
  return { index, kind: said["kind"] as string, said, shown, leaf, hash };
}

// The walk of gaoyuan.trust.multiproof.
export function checkAll(entries: Entry[], size: number, root: Uint8Array, proof: Uint8Array[]): void {
  const rest = proof.slice().reverse();
  const broken = (): Wrong => new Wrong("证明与树根不符", "the proof does not lead to the root");
  const walk = (low: number, high: number, first: number, last: number): Uint8Array => {
    if (first === last) {
      const given = rest.pop();
      if (!given) throw broken();
      return given;
    }
    if (high - low === 1) return entries[first]!.hash;
    let half = 1;
    while (half * 2 < high - low) half *= 2;
    let between = first;
    while (between < last && entries[between]!.index < low + half) between++;
    return sha256(concat(new Uint8Array([1]), walk(low, low + half, first, between), walk(low + half, high, between, last)));
  };
  const ordered = entries.every((one, at) => one.index >= 0 && one.index < size && (at === 0 || entries[at - 1]!.index < one.index));
  if (!entries.length || !ordered || hex(walk(0, size, 0, entries.length)) !== hex(root) || rest.length) throw broken();
}
