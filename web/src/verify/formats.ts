// What is read: canonical JSON (RFC 8785), signed notes (C2SP signed-note), verifier keys, base64.

import { concat, hex, sha256 } from "./hashing";
import { sm2Holds } from "./sm2";
import { webauthnHolds } from "./webauthn";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Fields = Record<string, Json>;

// What a check finds wrong, in both languages.
export class Wrong extends Error {
  constructor(readonly zh: string, readonly en: string) {
    super(en);
  }
}

export function need(holds: unknown, zh: string, en: string): asserts holds {
  if (!holds) throw new Wrong(zh, en);
}

const encoder = new TextEncoder();
export const utf8 = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text) as Uint8Array<ArrayBuffer>;

export function canonical(value: Json): string {
  if (typeof value === "string") {
    need(value.isWellFormed(), "文本含孤立的代理字符", "a text holds half a surrogate pair");
    return JSON.stringify(value);
  }
  if (typeof value === "number") {
    need(Number.isSafeInteger(value), "数字不是整数", "a number is no whole number");
    return String(value);
  }
  if (value === null || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  return `{${Object.keys(value).sort().map((key) => `${canonical(key)}:${canonical(value[key]!)}`).join(",")}}`;
}

export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  let letters: string;
  try {
    letters = atob(text);
  } catch {
    throw new Wrong("不是 base64 编码", "this is not base64");
  }
  need(btoa(letters) === text, "不是 base64 编码", "this is not base64");
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

export interface Key {
  name: string;
  kind: number;
  id: string;
  publicKey: Uint8Array<ArrayBuffer>;
  text: string;
}

// What a verifier key begins with, and how long the public key is that follows; COSIGNATURE is a witness's.
export const ED25519 = 1, COSIGNATURE = 4, SM2 = 5, WEBAUTHN_ES256 = 6, WEBAUTHN_ED25519 = 7;
const KINDS: [kind: number, identifier: string, size: number][] = [
  [ED25519, "\x01", 32],
  [COSIGNATURE, "\x04", 32],
  [SM2, "\xffgaoyuan/sm2-with-sm3/v1\n", 65],
  [WEBAUTHN_ES256, "\xffgaoyuan/webauthn-es256/v1\n", 97],
  [WEBAUTHN_ED25519, "\xffgaoyuan/webauthn-ed25519/v1\n", 64],
];

export function readKey(text: string): Key {
  const [name, id, ...rest] = text.trim().split("+");
  const content = bytesOfBase64(rest.join("+")), letters = String.fromCharCode(...content);
  const kind = KINDS.find(([, identifier, size]) => letters.startsWith(identifier) && content.length === identifier.length + size);
  need(name && id && kind, "密钥格式错误或类型不受本页支持", "the key is malformed, or of a kind that this page cannot check");
  const computed = hex(sha256(concat(utf8(`${name}\n`), content)).slice(0, 4));
  need(computed === id, "密钥标识与密钥不符", "the key's identifier is not its own");
  return { name, id, kind: kind[0], publicKey: content.slice(kind[1].length), text: text.trim() };
}

export interface Note {
  text: string;
  signatures: { name: string; id: string; signature: Uint8Array<ArrayBuffer> }[];
}

export function readNote(whole: string): Note {
  const at = whole.lastIndexOf("\n\n");
  need(at >= 0 && whole.endsWith("\n"), "签名文件格式错误", "the note is malformed");
  const signatures = whole.slice(at + 2, -1).split("\n").map((line) => {
    const parts = line.split(" ");
    need(parts.length === 3 && parts[0] === "—", "签名文件格式错误", "the note is malformed");
    const content = bytesOfBase64(parts[2]!);
    need(content.length > 4, "签名文件格式错误", "the note is malformed");
    return { name: parts[1]!, id: hex(content.slice(0, 4)), signature: content.slice(4) };
  });
  return { text: whole.slice(0, at + 1), signatures };
}

export async function ed25519(key: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>, message: Uint8Array<ArrayBuffer>): Promise<boolean> {
  let imported: CryptoKey;
  try {
    imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  } catch {
    throw new Wrong("此浏览器不支持 Ed25519，请更新浏览器或改用 gaoyuan verify", "this browser has no Ed25519: update it, or use gaoyuan verify");
  }
  return crypto.subtle.verify("Ed25519", imported, signature, message);
}

// The signatures of known keys; one in the name of a known key that does not hold is an error.
export async function signedBy(note: Note, keys: Key[]): Promise<{ key: Key; time: number }[]> {
  const by = [];
  for (const one of note.signatures) {
    const key = keys.find((each) => each.name === one.name && each.id === one.id);
    if (!key) continue;
    let message = utf8(note.text), signature = one.signature, time = 0;
    if (key.kind === COSIGNATURE) {
      time = Number(new DataView(signature.buffer, signature.byteOffset).getBigUint64(0));
      message = concat(utf8(`cosignature/v1\ntime ${time}\n`), message);
      signature = signature.slice(8);
    }
    const holds = { [SM2]: sm2Holds, [WEBAUTHN_ES256]: webauthnHolds, [WEBAUTHN_ED25519]: webauthnHolds }[key.kind];
    need(await (holds ? holds(key.publicKey, message, signature) : ed25519(key.publicKey, signature, message)), "签名无效：文本或签名被改动", "a signature does not hold: text or signature were changed");
    by.push({ key, time });
  }
  return by;
}
