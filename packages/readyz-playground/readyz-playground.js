// <readyz-playground>: a poster that becomes a readyz page in a sandboxed frame when somebody wants it.
import { encode } from './link.js';

const parameters = ['view', 'theme', 'lang', 't', 'end', 'speed', 'play', 'controls', 'readonly', 'lines', 'faults', 'container', 'seed'];
const style = `
:host { display: block; min-height: 160px; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: 8px; overflow: hidden; }
.poster { display: grid; place-content: center; justify-items: center; gap: 12px; min-height: inherit; padding: 24px; text-align: center; font: 14px/1.4 system-ui, sans-serif; }
button { font: inherit; min-height: 36px; padding: 0 24px; cursor: pointer; }
iframe { display: block; width: 100%; height: 420px; border: 0; }`;
const words = {
  en: ['See what Kubernetes does with this, second by second.', 'Run', 'readyz scenario'],
  zh: ['逐秒查看 Kubernetes 会怎么做。', '运行', 'readyz 场景'],
};

class ReadyzPlayground extends HTMLElement {
  #frame;

  connectedCallback() {
    addEventListener('message', this); // again when the element has been moved
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet(); // which a strict policy allows
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];
    const [sentence, run] = this.#words();
    const poster = root.appendChild(document.createElement('div'));
    poster.className = 'poster';
    poster.appendChild(document.createElement('p')).textContent = this.getAttribute('poster-text') ?? sentence;
    const button = poster.appendChild(document.createElement('button'));
    button.type = 'button';
    button.textContent = run;
    button.onclick = () => this.load();
  }

  disconnectedCallback() {
    removeEventListener('message', this);
  }

  #words() {
    return words[(this.getAttribute('lang') ?? document.documentElement.lang ?? '').startsWith('zh') ? 'zh' : 'en'];
  }

  /** Loads the page, as pressing Run does. */
  async load() {
    if (this.#frame) return;
    this.#frame = document.createElement('iframe');
    const address = new URL(this.getAttribute('src') ?? './', document.baseURI);
    address.searchParams.set('embed', '1');
    for (const name of parameters) {
      if (this.hasAttribute(name)) address.searchParams.set(name, this.getAttribute(name) || '1');
    }
    const link = this.getAttribute('link');
    const text = this.textContent.replace(/^\s*\n/, '').trimEnd(); // the first line keeps its indentation
    if (link) address.hash = link.slice(link.indexOf('#') + 1);
    else if (text) address.hash = await encode([['text', `${text}\n`]]);
    this.#frame.setAttribute('sandbox', 'allow-scripts allow-popups');
    this.#frame.title = this.#words()[2];
    this.#frame.src = address.href;
    this.shadowRoot.querySelector('.poster').replaceWith(this.#frame);
  }

  handleEvent({ source, data }) {
    if (!this.#frame || source !== this.#frame.contentWindow || data?.v !== 1) return;
    if (data.type === 'readyz:height' && data.height > 0) this.#frame.style.height = `${Math.min(data.height, 2_000)}px`;
    if (['readyz:ready', 'readyz:moment', 'readyz:state'].includes(data.type)) this.dispatchEvent(new CustomEvent(data.type, { detail: data }));
  }

  #say(what, fields = {}) {
    this.#frame?.contentWindow?.postMessage({ type: `readyz:${what}`, v: 1, ...fields }, '*');
  }

  seek(t) { this.#say('seek', { t }); }
  play() { this.#say('play'); }
  pause() { this.#say('pause'); }
  getState() { this.#say('getState'); }
}

customElements.define('readyz-playground', ReadyzPlayground);
