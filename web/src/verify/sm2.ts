// SM2 signatures with SM3 (GB/T 32918.2, GB/T 32905), as gaoyuan.trust.sm2 makes them: the curve's arithmetic is that of
// noble-curves, the hash is here.

import { weierstrass } from "@noble/curves/abstract/weierstrass.js";
import { concat } from "./hashing";

const CURVE = {
  p: 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn,
  n: 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n,
  h: 1n,
  a: 0xfffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffcn,
  b: 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n,
  Gx: 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  Gy: 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
};
const Point = weierstrass(CURVE);
// The identity of the signer that GM/T 0009 has as default, after its length in bits.
const IDENTITY = Uint8Array.of(0, 128, ...new TextEncoder().encode("1234567812345678"));

const numberOf = (bytes: Uint8Array): bigint => bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
const bytesOf = (number: bigint): Uint8Array => Uint8Array.from(number.toString(16).padStart(64, "0").match(/../g)!, (two) => parseInt(two, 16));

export function sm2Holds(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const r = numberOf(signature.slice(0, 32)), s = numberOf(signature.slice(32)), sum = (r + s) % CURVE.n;
  if (signature.length !== 64 || !r || !s || !sum || r >= CURVE.n || s >= CURVE.n) return false;
  try {
    const key = Point.fromBytes(publicKey);
    const about = sm3(concat(IDENTITY, ...[CURVE.a, CURVE.b, CURVE.Gx, CURVE.Gy].map(bytesOf), publicKey.slice(1)));
    const e = numberOf(sm3(concat(about, message)));
    const found = Point.BASE.multiplyUnsafe(s).add(key.multiplyUnsafe(sum));
    return (e + found.toAffine().x) % CURVE.n === r;
  } catch {
    return false;
  }
}

const turn = (word: number, by: number): number => (word << by % 32) | (word >>> (32 - (by % 32)) % 32);

export function sm3(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array((((message.length + 8) >> 6) + 1) << 6), view = new DataView(padded.buffer);
  padded.set(message);
  padded[message.length] = 0x80;
  view.setUint32(padded.length - 8, Math.floor(message.length / 2 ** 29));
  view.setUint32(padded.length - 4, message.length << 3);
  const state = Int32Array.of(0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e);
  const words = new Int32Array(68);
  for (let block = 0; block < padded.length; block += 64) {
    for (let at = 0; at < 16; at++) words[at] = view.getInt32(block + at * 4);
    for (let at = 16; at < 68; at++) {
      const mixed = words[at - 16]! ^ words[at - 9]! ^ turn(words[at - 3]!, 15);
      words[at] = mixed ^ turn(mixed, 15) ^ turn(mixed, 23) ^ turn(words[at - 13]!, 7) ^ words[at - 6]!;
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
    for (let at = 0; at < 64; at++) {
      const one = turn(((turn(a, 12) + e) | 0) + turn(at < 16 ? 0x79cc4519 : 0x7a879d8a, at) | 0, 7), two = one ^ turn(a, 12);
      const first = ((at < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c)) + d + two + (words[at]! ^ words[at + 4]!)) | 0;
      const second = ((at < 16 ? e ^ f ^ g : (e & f) | (~e & g)) + h + one + words[at]!) | 0;
      d = c; c = turn(b, 9); b = a; a = first;
      h = g; g = turn(f, 19); f = e; e = second ^ turn(second, 9) ^ turn(second, 17);
    }
    [a, b, c, d, e, f, g, h].forEach((word, at) => (state[at]! ^= word));
  }
  const hash = new Uint8Array(32);
  state.forEach((word, at) => new DataView(hash.buffer).setInt32(at * 4, word));
  return hash;
}
