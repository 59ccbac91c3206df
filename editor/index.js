// The editor: CodeMirror in a shadow root, where its styles are constructed sheets, which the
// policy allows. Loaded when the page is idle; until then, and if it cannot load, a text area.
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, hoverTooltip, keymap, lineNumbers } from '@codemirror/view';
import { Compartment, EditorState, Transaction } from '@codemirror/state';
import { defaultKeymap, history, historyField, historyKeymap, indentWithTab } from '@codemirror/commands';
import { foldGutter, foldKeymap, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete';
import { search, searchKeymap } from '@codemirror/search';
import { docs, snippets, values, words } from './fields.js';
import { formatted } from './format.js';
import { colours, look } from './look.js';
import { fixHere, nextProblem, problemField, problemsAt, setLines, setProblems } from './problems.js';
import { folds, placeAt, yaml } from './yaml.js';

const undoKey = 'readyz.undo';
const undoBytesMax = 400_000;
const scenario = { definition: 'Scenario', fields: [['apiVersion', 'string'], ['kind', 'string'], ['metadata', 'ObjectMeta'], ['spec', 'ScenarioSpec']] };
const scenarioSpec = ['seed', 'start', 'duration', 'nodes', 'images', 'traffic', 'steps', 'expect'];

/** Fields of the mapping around a place: `{ definition, fields: [[name, type]…] }`. */
function schemaAt({ apiVersion = '', kind = '', path }) {
  if (kind === 'Scenario') {
    if (path.length === 0) return scenario;
    return { definition: 'ScenarioSpec', fields: path.join() === 'spec' ? scenarioSpec.map(name => [name, '']) : [] };
  }
  const [definition = '', ...lines] = (globalThis.readyz.fields?.(apiVersion, kind, path.join('/')) ?? '').split('\n');
  if (!definition) return { definition: '', fields: path.length ? [] : scenario.fields };
  return { definition, fields: lines.map(line => line.split(' ')) };
}

function explain(definition, name, type, language) {
  const doc = docs[`${definition}.${name}`];
  const node = document.createElement('div');
  node.className = 'doc';
  const add = (className, text) => {
    const line = node.appendChild(document.createElement('p'));
    line.className = className;
    line.textContent = text;
  };
  add('name', `${name}${type ? `: ${type}` : ''}`);
  if (doc) {
    const [fallback, range, english, chinese] = doc;
    add('', language === 'en' ? english : chinese);
    const facts = [fallback && `${words[language].default} ${fallback}`, range].filter(Boolean).join(' · ');
    if (facts) add('facts', facts);
  }
  return node;
}

const complete = language => context => {
  const word = context.matchBefore(/[\w./-]*/);
  const place = placeAt(context.state, word.from);
  if (place.key) {
    const known = values[place.key];
    return known && (context.explicit || word.text) ? { from: word.from, options: known.map(label => ({ label })), validFor: /^[\w./-]*$/ } : null;
  }
  if (!context.explicit && !word.text) return null;
  const { definition, fields } = schemaAt(place);
  const line = context.state.doc.lineAt(word.from);
  const indent = ' '.repeat(word.from - line.from);
  const flow = /[{,]\s*$/.test(line.text.slice(0, word.from - line.from));
  const nested = type => /^[A-Z{[]/.test(type);
  return {
    from: word.from,
    validFor: /^\w*$/,
    options: fields.map(([label, type]) => ({
      label,
      detail: type,
      boost: `${definition}.${label}` in docs ? 2 : 0,
      apply: label + (flow ? ': ' : snippets[label] ? `:${snippets[label].replaceAll('\n', `\n${indent}`)}` : nested(type) ? `:\n${indent}  ` : ': '),
      info: () => explain(definition, label, type, language),
    })),
  };
};

const hover = language => hoverTooltip((view, pos) => {
  const problems = problemsAt(view.state, pos);
  const line = view.state.doc.lineAt(pos);
  const key = /^(\s*(?:- +)*)([\w./-]+)\s*:/.exec(line.text);
  const from = key ? line.from + key[1].length : pos;
  const onKey = key && pos >= from && pos <= from + key[2].length;
  if (!problems.length && !onKey) return null;
  const dom = document.createElement('div');
  for (const { message, suggestion } of problems) {
    const node = dom.appendChild(document.createElement('p'));
    node.className = 'doc';
    node.textContent = suggestion ? `${message}\n${suggestion}` : message;
  }
  if (onKey) {
    const { definition, fields } = schemaAt(placeAt(view.state, from));
    const field = fields.find(([name]) => name === key[2]);
    if (field) dom.append(explain(definition, field[0], field[1], language));
  }
  return dom.childNodes.length ? { pos: onKey ? from : pos, above: true, create: () => ({ dom }) } : null;
}, { hoverTime: 350 });

/** In another language; the text and its history stay. */
function spoken(language) {
  const { manifest, hint, phrases = {} } = words[language];
  return [
    EditorState.phrases.of(phrases),
    EditorView.contentAttributes.of({ 'aria-label': manifest, 'aria-description': hint, tabindex: '0', spellcheck: 'false', autocapitalize: 'off' }),
    autocompletion({ override: [complete(language)], icons: false }),
    hover(language),
  ];
}

/** Indentation and spaces as YAML writers agree on; what it says stays. */
function format(view) {
  const former = view.state.doc.toString();
  const text = formatted(former);
  if (text !== former && !view.state.readOnly) {
    const { head } = view.state.selection.main;
    const line = view.state.doc.lineAt(head).number;
    view.dispatch({ changes: { from: 0, to: former.length, insert: text }, userEvent: 'input.format' });
    const at = view.state.doc.line(Math.min(line, view.state.doc.lines)).to;
    view.dispatch({ selection: { anchor: at }, scrollIntoView: true });
  }
  return true;
}

/** The state that was left behind at the last visit, if it is of this text. An embedded page keeps nothing. */
function kept(text, extensions) {
  try {
    const json = readyz.embedded ? null : JSON.parse(localStorage.getItem(undoKey));
    if (json?.doc === text) return EditorState.fromJSON(json, { extensions }, { history: historyField });
  } catch { /* no storage, or of another version */ }
  return EditorState.create({ doc: text, extensions });
}

function keep(state) {
  if (readyz.embedded) return;
  try {
    const json = JSON.stringify(state.toJSON({ history: historyField }));
    if (json.length <= undoBytesMax) localStorage.setItem(undoKey, json);
    else localStorage.removeItem(undoKey);
  } catch { /* no storage */ }
}

/**
 * Mounts the editor in `host` and returns what Rust calls. `tell(what, value)` hears of `text`
 * (edited by the user), `cursor` (line and column) and `apply`.
 */
export function mount(host, text, language, tell) {
  const tongue = new Compartment();
  const fixed = new Compartment();
  let problems = [];
  const own = new WeakSet();
  let passing = false; // who comes with Tab goes on with it: only what one writes in is indented
  const extensions = [
    lineNumbers(), foldGutter({ openText: '▾', closedText: '▸' }), history(), drawSelection(), highlightActiveLine(), highlightActiveLineGutter(),
    closeBrackets(), search({ top: true }), yaml, folds, syntaxHighlighting(colours), indentUnit.of('  '), EditorState.tabSize.of(2),
    problemField, look, tongue.of(spoken(language)), fixed.of([]),
    keymap.of([
      { key: 'Mod-Enter', run: () => { tell('apply', ''); return true; } },
      { key: 'Shift-Alt-f', run: format },
      { key: 'F8', run: nextProblem }, { key: 'Alt-Enter', run: fixHere },
      ...completionKeymap, ...searchKeymap, ...foldKeymap, ...historyKeymap, indentWithTab, ...defaultKeymap,
    ]),
    EditorView.domEventHandlers({
      drop: event => event.dataTransfer?.files.length > 0, // the page takes files
      focus: (_, view) => view.setTabFocusMode(passing),
      keydown: ({ key }, view) => { if (!/^(Tab|Shift|Escape)$/.test(key)) view.setTabFocusMode(false); },
    }),
    EditorView.updateListener.of(update => {
      if (update.selectionSet || update.docChanged) {
        const { head } = update.state.selection.main;
        const line = update.state.doc.lineAt(head);
        tell('cursor', `${line.number} ${head - line.from + 1}`);
      }
    }),
  ];
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const view = new EditorView({
    root, parent: root, state: kept(text, extensions),
    dispatchTransactions(transactions) {
      // Told first: the engine runs the text while this thread shows it.
      if (transactions.some(transaction => transaction.docChanged && !own.has(transaction))) tell('text', transactions.at(-1).newDoc.toString());
      view.update(transactions);
    },
  });
  addEventListener('keydown', ({ key }) => { passing = key === 'Tab'; }, true);
  addEventListener('pointerdown', () => { passing = false; view.setTabFocusMode(false); }, true);
  addEventListener('pagehide', () => keep(view.state));
  document.addEventListener('visibilitychange', () => document.hidden && keep(view.state));
  const show = () => view.dispatch({ effects: setProblems.of({ problems, words: words[language] }) });
  return {
    text: () => view.state.doc.toString(),
    focus: () => view.focus(),
    format: () => format(view),
    /** Another text, as if the user had written it. */
    replace: next => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next }, userEvent: 'input.drop' }),
    setText(next) {
      const former = view.state.doc.toString();
      if (next === former) return;
      // Only what differs is replaced, so that cursor and folds stay where they can.
      let from = 0;
      const most = Math.min(next.length, former.length);
      while (from < most && next[from] === former[from]) from++;
      let cut = 0;
      while (cut < most - from && next[next.length - 1 - cut] === former[former.length - 1 - cut]) cut++;
      const transaction = view.state.update({ changes: { from, to: former.length - cut, insert: next.slice(from, next.length - cut) }, annotations: Transaction.userEvent.of('input') });
      own.add(transaction);
      view.dispatch(transaction);
    },
    /** Flat: severity, line, column, endLine, endColumn, message, suggestion, then the fix's name, line, column, endLine, endColumn, text. */
    setProblems(flat) {
      problems = [];
      for (let at = 0; at + 12 < flat.length; at += 13) {
        const [severity, line, column, endLine, endColumn, message, suggestion, name, fixLine, fixColumn, fixEndLine, fixEndColumn, replacement] = flat.slice(at, at + 13);
        const fix = name && { name, line: fixLine, column: fixColumn, endLine: fixEndLine, endColumn: fixEndColumn, text: replacement };
        problems.push({ severity, line, column, endLine, endColumn, message, suggestion, fix });
      }
      show();
    },
    setLanguage(next) {
      language = next;
      view.dispatch({ effects: tongue.reconfigure(spoken(language)) });
      show();
    },
    /** Sets lines off, and brings them into sight. */
    setLines(first, last) {
      view.dispatch({ effects: setLines.of(first ? [first, last] : null) });
      // When it has been laid out: before that there is nowhere to scroll to.
      const reveal = () => view.dispatch({ effects: EditorView.scrollIntoView(view.state.doc.line(Math.min(first, view.state.doc.lines)).from, { y: 'start', yMargin: 4 }) });
      if (first) requestAnimationFrame(() => requestAnimationFrame(reveal));
    },
    setReadonly: on => view.dispatch({ effects: fixed.reconfigure(on ? [EditorState.readOnly.of(true), EditorView.editable.of(false)] : []) }),
    go(line, column) {
      const at = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
      const place = Math.min(at.from + column - 1, at.to);
      view.dispatch({ selection: { anchor: place }, effects: EditorView.scrollIntoView(place, { y: 'center' }) });
      view.focus();
    },
  };
}
