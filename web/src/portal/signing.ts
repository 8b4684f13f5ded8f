// Security keys (WebAuthn) on the pages of keys and signatures: what is asked of the authenticator is the hash of the
// same text that the server makes, so a page and its form need nothing between them. See gaoyuan.trust.webauthn.

type Bytes = Uint8Array<ArrayBuffer>;

const utf8 = (text: string): Bytes => new TextEncoder().encode(text) as Bytes;
const sha256 = async (content: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest("SHA-256", content));
const base64 = (content: ArrayBuffer | Bytes): string => btoa(String.fromCharCode(...new Uint8Array(content)));
const unbase64 = (text: string): Bytes => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const hex = (content: Bytes): string => Array.from(content, (byte) => byte.toString(16).padStart(2, "0")).join("");

const ES256 = -7, ED25519 = -8;
// A public key in DER ends with the key itself: 65 bytes of a point, or 32.
const KINDS = new Map([[ES256, { name: "gaoyuan/webauthn-es256/v1\n", size: 65 }], [ED25519, { name: "gaoyuan/webauthn-ed25519/v1\n", size: 32 }]]);

function concat(...parts: Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

async function verifierKey(credential: Bytes, made: AuthenticatorAttestationResponse): Promise<string> {
  const kind = KINDS.get(made.getPublicKeyAlgorithm()), der = made.getPublicKey();
  if (!kind || !der) throw new Error("no key of ES256 or Ed25519");
  const name = `device/${hex(await sha256(credential)).slice(0, 16)}`;
  const host = new Uint8Array(made.getAuthenticatorData()).slice(0, 32);
  const content = concat(Uint8Array.of(0xff), utf8(kind.name), host, new Uint8Array(der).slice(-kind.size));
  const id = hex(await sha256(concat(utf8(`${name}\n`), content))).slice(0, 8);
  return `${name}+${id}+${base64(content)}`;
}

async function asked(text: string, credentials: Bytes[]): Promise<Record<string, string>> {
  const allowCredentials = credentials.map((id) => ({ type: "public-key" as const, id }));
  const publicKey = { challenge: await sha256(utf8(text)), allowCredentials, userVerification: "required" as const };
  const given = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
  const { authenticatorData, clientDataJSON, signature } = given.response as AuthenticatorAssertionResponse;
  return { credential: base64(given.rawId), authenticator_data: base64(authenticatorData), client_data: base64(clientDataJSON), signature: base64(signature) };
}

async function register(form: HTMLFormElement): Promise<Record<string, string>> {
  const { creation = "", origin = "", organisation = "", title = "" } = form.dataset;
  const given = (await navigator.credentials.create({
    publicKey: {
      challenge: await sha256(utf8(creation)),
      rp: { name: document.title },
      user: { id: utf8(`${origin} ${organisation}`).slice(0, 64), name: title, displayName: title },
      pubKeyCredParams: [...KINDS.keys()].map((alg) => ({ type: "public-key", alg })),
      authenticatorSelection: { userVerification: "required" },
      attestation: "none",
    },
  })) as PublicKeyCredential;
  const made = given.response as AuthenticatorAttestationResponse, credential = new Uint8Array(given.rawId);
  const text = `gaoyuan/key/v1\n${origin}\n${organisation}\n${await verifierKey(credential, made)}\n`;
  const first = { made_data: base64(made.getAuthenticatorData()), made_client_data: base64(made.clientDataJSON) };
  return { ...first, ...(await asked(text, [credential])) };
}

async function sign(form: HTMLFormElement): Promise<Record<string, string>> {
  const chosen = [...form.querySelectorAll<HTMLInputElement>("input[name=record]:checked")];
  if (!chosen.length) throw new Error(form.dataset["none"]);
  const leaves = chosen.map((one) => one.dataset["leaf"]!).sort();
  const text = `gaoyuan/signed-records/v1\n${form.dataset["origin"]}\n${leaves.join("\n")}\n`;
  return asked(text, (form.dataset["devices"] ?? "").split(" ").map(unbase64));
}

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-device]")) {
  const form = button.form!, told = form.querySelector<HTMLElement>("[data-told]")!;
  // Browsers have authenticators for a name with HTTPS, or localhost, and for no number.
  if (!window.PublicKeyCredential || !window.isSecureContext || /^[\d.]+$|^\[/.test(location.hostname)) {
    told.textContent = told.dataset["without"] ?? "";
    told.hidden = false;
    continue;
  }
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    told.hidden = true;
    try {
      const fields = await (button.dataset["device"] === "register" ? register : sign)(form);
      for (const [name, value] of Object.entries(fields)) {
        const input = document.createElement("input");
        Object.assign(input, { type: "hidden", name, value });
        form.append(input);
      }
      form.action = button.dataset["action"]!;
      form.submit();
    } catch (fault) {
      const broken = fault instanceof DOMException;
      told.textContent = broken ? `${told.dataset["refused"] ?? ""} (${fault.name})` : (fault as Error).message;
      told.hidden = false;
      button.disabled = false;
    }
  });
}
