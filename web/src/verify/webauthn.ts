// Signatures by authenticators, as gaoyuan.trust.webauthn checks them.

import { type Fields, ed25519, utf8 } from "./formats";
import { concat, hex, sha256 } from "./hashing";

type Bytes = Uint8Array<ArrayBuffer>;

const PRESENT = 0x01, VERIFIED = 0x04, MAY_BE_COPIED = 0x08, IS_COPIED = 0x10;
const ORIGIN = /^(?:https:\/\/([a-z0-9.-]+)|http:\/\/(localhost|[a-z0-9-]+\.localhost))(?::[0-9]{1,5})?$/;

function parts(signature: Bytes): [Bytes, Bytes, Bytes] {
  const at = 4 + (signature[0]! << 8) + signature[1]!, end = at + (signature[2]! << 8) + signature[3]!;
  return [signature.slice(4, at), signature.slice(at, end), signature.slice(end)];
}

export function counterOf(signature: Bytes): number {
  const [data] = parts(signature);
  return data.length < 37 ? 0 : new DataView(data.buffer).getUint32(33);
}

export async function webauthnHolds(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  const [data, client, signed] = parts(signature), host = hex(publicKey.slice(0, 32)), point = publicKey.slice(32);
  if (data.length < 37 || hex(data.slice(0, 32)) !== host) return false;
  const flags = data[32]!;
  if (!(flags & PRESENT) || !(flags & VERIFIED) || (flags & IS_COPIED && !(flags & MAY_BE_COPIED))) return false;
  let said: Fields;
  try {
    said = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(client)) as Fields;
  } catch {
    return false;
  }
  const site = ORIGIN.exec(typeof said["origin"] === "string" ? said["origin"] : "");
  const challenge = btoa(String.fromCharCode(...sha256(message))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  if (said["type"] !== "webauthn.get" || (said["crossOrigin"] ?? false) !== false || said["challenge"] !== challenge) return false;
  if (!site || hex(sha256(utf8(site[1] ?? site[2]!))) !== host) return false;
  const content = concat(data, sha256(client));
  if (point.length === 32) return signed.length === 64 && ed25519(point, signed, content);
  const raw = fromDer(signed), curve = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  if (!raw) return false;
  try {
    return await crypto.subtle.verify(curve, await crypto.subtle.importKey("raw", point, curve, false, ["verify"]), raw, content);
  } catch {
    return false;
  }
}

// A sequence of two whole numbers above zero, r and s, as 32 bytes each.
function fromDer(der: Bytes): Bytes | null {
  const raw = new Uint8Array(64);
  let at = 2;
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return null;
  for (const end of [32, 64]) {
    const length = der[at + 1] ?? 0, number = der.slice(at + 2, at + 2 + length);
    const short = number[0] === 0 ? number.slice(1) : number;
    if (der[at] !== 0x02 || !length || number.length !== length || number[0]! & 0x80 || short.length > 32) return null;
    raw.set(short, end - short.length);
    at += 2 + length;
  }
  return at === der.length ? raw : null;
}
