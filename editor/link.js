// The link codec, version 1: `#1.` and a document, deflated (raw) and written in base64url.
//
//   key: value            a line each, from small to large; keys may repeat (`act`)
//   length: 123           of the text, in UTF-16 units
//   (an empty line)
//   the text
//
// Whatever of this can be read is read, so that a link that was cut still shows its beginning. A
// version is never changed once it is out: tests/links keeps links of every one.

const current = 1;
const bytesMax = 4_000_000; // of text, so that no link can fill the memory

const through = (bytes, transform) => new Blob([bytes]).stream().pipeThrough(transform);

/** `[[key, value]…]`, one of them `text`, as a link's fragment without `#`. */
export async function encode(entries) {
  const text = entries.find(([key]) => key === 'text')?.[1] ?? '';
  const head = entries.filter(([key]) => key !== 'text').map(([key, value]) => `${key}: ${escape(value)}\n`).join('');
  const document = `${head}length: ${text.length}\n\n${text}`;
  const packed = await new Response(through(document, new CompressionStream('deflate-raw'))).arrayBuffer();
  let binary = '';
  for (const byte of new Uint8Array(packed)) binary += String.fromCharCode(byte);
  return `${current}.${btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}

const escape = value => value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
const unescape = value => value.replace(/\\(.)/g, (_, letter) => (letter === 'n' ? '\n' : letter));

/**
 * What a fragment says: `{ entries, problem }`. `problem` is empty, `newer` (made by a version that
 * this page does not know) or `broken` (entries hold what could be read).
 */
export async function decode(fragment) {
  const [, version, body] = /^#?(\d+)\.([\s\S]*)$/.exec(fragment) ?? [];
  if (version === undefined) return { entries: [], problem: 'broken' };
  if (Number(version) > current) return { entries: [], problem: 'newer' };
  const clean = decodeURIComponentSafely(body).replace(/[^\w-].*$/s, '');
  let broken = clean.length !== body.length;
  let binary = '';
  try {
    const whole = clean.length % 4 === 1 ? clean.slice(0, -1) : clean;
    broken ||= whole !== clean;
    binary = atob(whole.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    broken = true;
  }
  const { text: document, failed } = await inflate(Uint8Array.from(binary, letter => letter.charCodeAt(0)));
  const { entries, complete } = read(document);
  return { entries, problem: broken || failed || !complete ? 'broken' : '' };
}

function decodeURIComponentSafely(body) {
  try {
    return decodeURIComponent(body);
  } catch {
    return body;
  }
}

/** Unpacks as far as it goes. */
async function inflate(bytes) {
  const decoder = new TextDecoder();
  const reader = through(bytes, new DecompressionStream('deflate-raw')).getReader();
  let text = '';
  let failed = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
      if (text.length > bytesMax) throw new RangeError('too large');
    }
  } catch {
    failed = true;
  }
  return { text, failed };
}

function read(document) {
  const entries = [];
  const border = document.indexOf('\n\n');
  const head = border < 0 ? document.slice(0, document.lastIndexOf('\n') + 1) : document.slice(0, border);
  let length = -1;
  for (const line of head.split('\n')) {
    const [, key, value] = /^(\w+): (.*)$/.exec(line) ?? [];
    if (key === 'length') length = Number(value);
    else if (key) entries.push([key, unescape(value)]);
  }
  if (border < 0) return { entries, complete: false };
  const text = document.slice(border + 2);
  entries.push(['text', text]);
  return { entries, complete: text.length === length };
}
