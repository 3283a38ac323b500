// What an API says in the body of a refusal, as one line of text without secrets.

import { isRecord } from './is-record.ts';

const MAX_MESSAGE_CHARS = 300;
/** Levels of objects and lists that are looked into. */
const MAX_DEPTH = 6;
/** Fields that hold the message or an object that has it, in the order in which they are tried. */
const FIELDS = ['error', 'message', 'detail', 'msg', 'errors', 'error_description', 'title'];
/** Keys in the forms that providers give them: a proxy's upstream may repeat a key that this client never had. */
const KEY_FORMS = /\bBearer\s+\S+|\b(?:sk-|pa-|jina_|hf_|gsk_|AIza)[\w-]{8,}/g;

/**
 * Reads `{error: {message}}` (OpenAI, Google, Azure), the same in a list (Gemini), `{error}` (Ollama, TEI), `{message}`
 * (Cohere, Mistral), `{detail}` as text or as FastAPI's list of `{loc, msg}` (Voyage, Jina, vLLM), plain text, and the
 * title of an HTML page. The body is read.
 * @param secrets are removed, since some servers repeat the key that they refuse
 * @returns '' where the body says nothing
 */
export async function serverMessage(response: Response, secrets: ReadonlySet<string>): Promise<string> {
  return shorten(rawMessage(await response.text(), response.headers.get('content-type') ?? ''), secrets);
}

function rawMessage(body: string, contentType: string): string {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    const isMarkup = /html|xml/i.test(contentType) || /^\s*</.test(body);
    if (!isMarkup) return /^text\/plain|^$/i.test(contentType) ? body : '';
    return /<title[^>]*>([^<]*)<\/title>/i.exec(body)?.[1] ?? '';
  }
  return messageIn(value, 0);
}

function messageIn(value: unknown, depth: number): string {
  if (typeof value === 'string') return value;
  if (depth > MAX_DEPTH) return '';
  if (Array.isArray(value)) {
    const said = value.map((item) => messageIn(item, depth + 1)).filter((text) => text !== '');
    return said.join('; ');
  }
  if (!isRecord(value)) return '';
  for (const name of FIELDS) {
    const said = messageIn(value[name], depth + 1);
    if (said !== '') return name === 'msg' ? `${placeOf(value['loc'])}${said}` : said;
  }
  return '';
}

/** FastAPI's place of a wrong value, such as `body.input: `. */
function placeOf(place: unknown): string {
  return Array.isArray(place) && place.every((part) => typeof part === 'string' || typeof part === 'number')
    ? `${place.join('.')}: `
    : '';
}

/** Short values (versions, flags) are not secrets, and removing them would garble the text. */
function shorten(message: string, secrets: ReadonlySet<string>): string {
  let text = message;
  for (const secret of secrets) if (secret.length >= 6) text = text.replaceAll(secret, '•••');
  text = text.replaceAll(KEY_FORMS, '•••');
  text = text.replaceAll(/[\p{C}\s]+/gu, ' ').trim();
  return text.length > MAX_MESSAGE_CHARS ? `${text.slice(0, MAX_MESSAGE_CHARS)}…` : text;
}
