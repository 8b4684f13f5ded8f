// The check of a pack, as gaoyuan.trust.pack.verifying does it, with nothing but this page.

import { COSIGNATURE, ED25519, WEBAUTHN_ED25519, WEBAUTHN_ES256, type Fields, type Json, type Key, Wrong, bytesOfBase64, canonical, ed25519, need, readKey, readNote, signedBy, utf8 } from "./formats";
import { figuresOf, monthsBetween, readTrade } from "./figures";
import { concat, hex, sha256 } from "./hashing";
import { type Entry, checkAll, hashes, readEntry } from "./records";
import { counterOf } from "./webauthn";

export interface Check {
  key: string;
  state: "holds" | "fails" | "unknown";
  zh: string;
  en: string;
}

export interface Report {
  checks: Check[];
  figures: Record<string, Json> | null;
  about: Record<string, string>;
  log: string;
  verdict: "holds" | "unconfirmed" | "fails";
}

export async function verify(file: Uint8Array<ArrayBuffer>, trusted: string, watching: string, now: Date): Promise<Report> {
  const report: Report = { checks: [], figures: null, about: {}, log: "", verdict: "fails" };
  try {
    await check(report, file, trusted.trim(), watching.split("\n").filter((line) => line.trim()), now);
  } catch (fault) {
    const wrong = fault instanceof Wrong ? fault : new Wrong("文件格式错误", "the file is malformed");
    report.checks.push({ key: "file", state: "fails", zh: wrong.zh, en: wrong.en });
  }
  if (report.checks.some((one) => one.state === "fails") || !report.figures) report.verdict = "fails";
  else report.verdict = report.checks.find((one) => one.key === "key")?.state === "holds" ? "holds" : "unconfirmed";
  return report;
}

async function check(report: Report, file: Uint8Array<ArrayBuffer>, trusted: string, watching: string[], now: Date): Promise<void> {
  const say = (key: string, state: Check["state"], zh: string, en: string): void => void report.checks.push({ key, state, zh, en });
  const start = file.findIndex((byte, at) => byte === 0x7b && file[at - 1] === 0x0a);
  need(start > 0, "不是证据包", "this is no evidence pack");
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const seal = strict.decode(file.slice(0, start)), bodyBytes = file.slice(start), text = strict.decode(bodyBytes);
  const body = JSON.parse(text) as Fields;
  const key = readKey(trusted || String(body["log"]));
  report.log = key.text;
  if (trusted) say("key", "holds", `日志密钥与您输入的一致：${key.name}`, `The log's key is the one that you gave: ${key.name}`);
  else say("key", "unknown", "日志密钥取自证据包本身，请与平台公布的密钥核对，否则以下结论不成立", "The log's key is taken from the pack itself: compare it with the one that the platform publishes");
  const sealed = readNote(seal);
  const digest = btoa(String.fromCharCode(...sha256(bodyBytes)));
  need(sealed.text === `gaoyuan/pack/v1\n${key.name}\n${digest}\n` && sealed.signatures.length === 1, "证据包封装后被改动", "the pack was changed after it was sealed");
  need(key.kind === ED25519 && (await signedBy(sealed, [key])).length === 1, "证据包不是该日志所封", "the pack is not sealed by this log");
  need(body["log"] === key.text && canonical(body) === text, "证据包格式错误", "the pack is malformed");
  say("file", "holds", "文件完整，封装后未被改动", "The file is whole and as the platform sealed it");

  const note = readNote(String(body["checkpoint"])), witnesses = watching.map(readKey);
  need(witnesses.every((one) => one.kind === COSIGNATURE), "见证方密钥类型错误", "a witness's key is of another kind");
  const by = await signedBy(note, [key, ...witnesses]);
  const [origin, sizeText, rootText, ...extensions] = note.text.slice(0, -1).split("\n");
  const size = Number(sizeText), root = bytesOfBase64(rootText ?? "");
  need(by.some((one) => one.key === key) && origin === key.name && Number.isSafeInteger(size) && root.length === 32 && !extensions.length, "检查点没有日志的签名", "the checkpoint is not signed by the log");
  say("checkpoint", "holds", `检查点有日志签名，共 ${size} 条`, `The checkpoint is signed by the log; it has ${size} entries`);
  const counted = new Set(by.filter((one) => one.key !== key && one.time <= now.getTime() / 1000 + 300).map((one) => one.key.name));
  if (witnesses.length) need(counted.size === witnesses.length, "有效见证签名不足", "not all of the witnesses that you named have cosigned");
  if (counted.size) say("witnesses", "holds", `${counted.size} 个见证方已联署`, `${counted.size} witnesses cosigned`);
  else say("witnesses", "unknown", "没有您信任的见证方联署：平台是否对他人出示另一份历史，无从判断", "No witness that you trust cosigned: whether the platform shows others another history cannot be told");

  const entries = (body["records"] as Json[]).map(readEntry);
  checkAll(entries, size, root, hashes(body["proof"]!));
  say("records", "holds", `${entries.length} 条记录均在日志中，内容与入日志时一致`, `All ${entries.length} records are in the log as they were entered`);

  const subject = String(body["subject"]), consent = entries.find((one) => one.index === body["consent"] && one.kind === "consent");
  need(subject && consent && consent.shown["organisation"] === subject && consent.shown["recipient"] && consent.shown["purpose"], "证据包中没有该企业的授权记录", "there is no consent of the enterprise in the pack");
  const { first = "", last = "", expires = "" } = (report.about = consent.shown);
  monthsBetween(first, last);
  need(/^\d{4}-\d{2}-\d{2}$/.test(expires) && now.toISOString().slice(0, 10) <= expires, `授权已于 ${expires} 到期`, `the consent expired on ${expires}`);
  need(!entries.some((one) => one.kind === "withdrawal" && one.said["consent"] === consent.said["id"]), "授权已撤回", "the consent was withdrawn");
  say("consent", "holds", `企业已授权：提供给“${consent.shown["recipient"]}”，用于“${consent.shown["purpose"]}”，${expires} 前有效`, `The enterprise consented: for ${consent.shown["recipient"]}, purpose ${consent.shown["purpose"]}, until ${expires}`);

  const [from, to] = span(entries, subject, consent);
  say("complete", "holds", `期间内该企业的记录无遗漏（第 ${from} 至 ${to} 条，编号连续）`, `No record of the enterprise in the period is left out (its records ${from} to ${to})`);

  if (body["platform"]) await word(String(body["platform"]), String(consent.said["id"] ?? ""), key, say);

  const statements = body["statements"] as string[];
  const signed = await signatures(entries, statements, subject, key.name);
  const both = [...signed.values()].filter((one) => one.size === 2).length;
  say("signatures", "holds", `${statements.length} 份签署均有效，${both} 笔交易双方都已签名`, `All ${statements.length} statements hold, ${both} trades are signed by both`);

  const figures = figuresOf(entries, subject, first, last, signed), stated = canonical(figures);
  need(stated === canonical(body["figures"]!), "指标与记录不符", "figures that the records do not give");
  say("figures", "holds", "所有指标均可由记录重新算出，结果一致", "All figures follow from the records");
  await credential(body["credential"] as Fields, key, stated, now);
  say("credential", "holds", "可验证凭证（W3C）有效，指标一致", "The verifiable credential (W3C) holds, with the same figures");
  report.figures = figures;
}

function span(entries: Entry[], subject: string, consent: Entry): [number, number] {
  const rows = entries.flatMap((one) => {
    const own = Object.entries(one.shown).find(([name, value]) => name.startsWith("count_") && value.startsWith(`${subject}:`));
    const month = (one.shown["logged"] ?? "").slice(0, 7);
    need(!own || /^\d{4}-\d{2}$/.test(month), "记录未载明入日志时间", "a record does not show when it was logged");
    return own ? [{ one, month, count: Number(own[1].slice(subject.length + 1)) }] : [];
  });
  for (let at = 1; at < rows.length; at++)
    need(rows[at]!.count > rows[at - 1]!.count && rows[at]!.month >= rows[at - 1]!.month, "记录编号与日志次序矛盾", "numbers of records contradict their order");
  const first = consent.shown["first"]!, last = consent.shown["last"]!;
  const before = rows.filter((row) => row.month < first).length;
  let chain = rows.slice(Math.max(before - 1, 0));
  const end = chain.findIndex((row) => row.month > last || row.one.index === consent.index);
  need(chain.length && (before || chain[0]!.count === 1) && end >= 0, "该企业的记录有遗漏：期初或期末", "records of the enterprise are left out at the beginning or end");
  chain = chain.slice(0, end + 1);
  chain.forEach((row, at) => need(row.count === chain[0]!.count + at, "该企业的记录有遗漏", "records of the enterprise are left out"));
  return [chain[0]!.count, chain[chain.length - 1]!.count];
}

async function word(content: string, consent: string, key: Key, say: (key: string, state: Check["state"], zh: string, en: string) => void): Promise<void> {
  const note = readNote(content), [format, origin, id, text = "", ...more] = note.text.slice(0, -1).split("\n");
  need(note.signatures.length === 1 && (await signedBy(note, [key])).length === 1, "平台陈述的签名无效", "the signature of the platform's word does not hold");
  need(format === "gaoyuan/platform-word/v1" && origin === key.name && id === consent && !more.length, "平台陈述格式错误，或属于另一份授权", "the platform's word is malformed, or said for another consent");
  const said = JSON.parse(text) as Fields, rings = said["rings"], sales = String(said["sales_in_rings_yuan"]);
  const whole = (one: Json | undefined): boolean => Number.isSafeInteger(one) && (one as number) >= 0;
  need(canonical(said) === text && Array.isArray(rings) && rings.length === 3 && [...rings, said["firms"], said["log_size"]].every(whole) && /^(0|[1-9]\d{0,21})\.\d{2}$/.test(sales), "平台陈述格式错误，或属于另一份授权", "the platform's word is malformed, or said for another consent");
  const [two, three, four] = rings as number[], firms = Number(said["firms"]);
  say("platform", "unknown", `平台陈述（有平台签名，不能由本包记录重算）：在同意统计的 ${firms} 家企业的交易中，该企业处于二方互售 ${two} 个、三方循环 ${three} 个、四方循环 ${four} 个；向三方及以上循环中的下家销售 ${sales} 元`, `The platform's word (signed by it, not to be worked out from this pack): among the trades of ${firms} firms that agreed, the enterprise is in ${two} rings of two, ${three} of three and ${four} of four, and sold ${sales} yuan to those next to it in rings of three or more`);
}

async function signatures(entries: Entry[], statements: string[], subject: string, origin: string): Promise<Map<string, Set<string>>> {
  const trades = new Map(entries.filter((one) => one.kind === "trade" && one.shown["on"]).map((one) => [one.leaf, readTrade(one, subject)]));
  const sides = new Map<string, Set<string>>();
  const found = statements.map((content) => {
    const line = entries.find((one) => one.kind === "statement" && one.shown["statement"] === hex(sha256(utf8(content))));
    const holder = line && entries.find((one) => one.kind === "key" && one.shown["key"] && one.shown["key"] === line.shown["key"]);
    need(line && holder, "签署文件或其密钥不在日志中", "a statement or its key is not in the log");
    return { content, line, holder };
  });
  const counters = new Map<string, number>();
  for (const { content, line, holder } of found.sort((one, other) => one.line.index - other.line.index)) {
    const vkey = holder.shown["key"]!, note = readNote(content), key = readKey(vkey);
    need(note.signatures.length === 1 && (await signedBy(note, [key])).length === 1, "签署文件不是该密钥所签", "a statement is not signed with its key");
    const [format, log, ...leaves] = note.text.slice(0, -1).split("\n");
    need(format === "gaoyuan/signed-records/v1" && log === origin, "签署文件属于另一日志", "a statement is of another log");
    const print = hex(sha256(utf8(vkey)));
    const lost = entries.some((one) => one.kind === "revocation" && one.said["key"] === print && one.index < line.index);
    need(holder.index < line.index && !lost, "签署时密钥尚未登记或已吊销", "a statement was logged before its key was registered, or after it was revoked");
    if (key.kind === WEBAUTHN_ES256 || key.kind === WEBAUTHN_ED25519) {
      const last = counters.get(vkey) ?? 0, counter = counterOf(note.signatures[0]!.signature);
      need(!last || counter > last, "认证器的签名计数未增加，可能已被复制", "an authenticator has counted a signature twice: there may be a copy of it");
      counters.set(vkey, counter);
    }
    const owner = holder.shown["organisation"] ?? "";
    for (const leaf of leaves) {
      const trade = trades.get(leaf);
      if (!trade || trade.entry.index > line.index) continue;
      const side = owner === subject ? "subject" : owner === trade.partnerId ? "partner" : "";
      if (side) sides.set(leaf, (sides.get(leaf) ?? new Set()).add(side));
    }
  }
  return sides;
}

async function credential(given: Fields, key: Key, figures: string, now: Date): Promise<void> {
  const { proof, ...document } = given as { proof: Fields };
  const { proofValue, ...options } = proof;
  const hashed = concat(sha256(utf8(canonical(options as Fields))), sha256(utf8(canonical(document))));
  const well = options["cryptosuite"] === "eddsa-jcs-2022" && options["type"] === "DataIntegrityProof" && options["proofPurpose"] === "assertionMethod" && canonical(options["@context"] ?? null) === canonical((document as Fields)["@context"] ?? null);
  need(well && (await ed25519(key.publicKey, base58(String(proofValue)), hashed)), "凭证签名无效", "the signature of the credential does not hold");
  const plain = document as Fields, subject = plain["credentialSubject"] as Fields;
  need(canonical(subject["figures"]!) === figures, "凭证所载指标与记录不符", "the credential states other figures");
  const within = Date.parse(String(plain["validFrom"])) <= now.getTime() && now.getTime() <= Date.parse(String(plain["validUntil"])) && Date.parse(String(options["created"])) <= now.getTime();
  need(within, "凭证不在有效期内", "the credential is not valid now");
}

function base58(text: string): Uint8Array<ArrayBuffer> {
  const letters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  need(text.startsWith("z") && text.length < 200, "凭证签名无效", "the signature of the credential does not hold");
  let number = 0n;
  for (const letter of text.slice(1)) {
    need(letters.includes(letter), "凭证签名无效", "the signature of the credential does not hold");
    number = number * 58n + BigInt(letters.indexOf(letter));
  }
  const digits = number.toString(16).padStart(128, "0");
  return Uint8Array.from(digits.match(/../g) ?? [], (two) => parseInt(two, 16));
}
