// What is wrong: tinted lines, wavy words, and errors as blocks below their line.
import { Decoration, EditorView, WidgetType } from '@codemirror/view';
import { StateEffect, StateField } from '@codemirror/state';

/** At most so many are shown as blocks; the page's list holds all. */
const blocksMax = 6;
const classes = ['bad', 'wait', 'gone'];

export const setProblems = StateEffect.define();
/** [first, last] line to set off, or null. */
export const setLines = StateEffect.define();

const offset = (doc, line, column) => {
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return Math.min(at.from + column - 1, at.to);
};

class Block extends WidgetType {
  constructor(problem, words) { super(); Object.assign(this, { problem, words }); }
  eq(other) { return other.words === this.words && JSON.stringify(other.problem) === JSON.stringify(this.problem); }
  ignoreEvent() { return true; }
  toDOM(view) {
    const { message, suggestion, fix, severity } = this.problem;
    const node = element('div', `problem ${classes[severity]}`);
    node.append(element('p', 'message', message));
    if (suggestion) node.append(element('p', '', suggestion));
    const acts = node.appendChild(element('div', 'acts'));
    if (fix) acts.append(button('you', fix.name, 'Alt+↵', () => apply(view, fix)));
    acts.append(button('', this.words.next, 'F8', () => nextProblem(view)));
    return node;
  }
}

function element(tag, className, text) {
  const node = document.createElement(tag);
  node.className = className;
  if (text) node.textContent = text;
  return node;
}

function button(className, text, key, act) {
  const node = element('button', className, text);
  node.type = 'button';
  const cap = element('kbd', '', key);
  cap.setAttribute('aria-hidden', 'true');
  node.append(cap);
  node.onclick = act;
  return node;
}

function apply(view, fix) {
  const { doc } = view.state;
  const from = offset(doc, fix.line, fix.column);
  view.dispatch({ changes: { from, to: Math.max(from, offset(doc, fix.endLine, fix.endColumn)), insert: fix.text }, userEvent: 'input.fix' });
  view.focus();
}

function draw(doc, problems, lines, words) {
  const ranges = [];
  const tinted = new Set();
  let blocks = 0;
  if (lines) {
    for (let n = Math.max(1, lines[0]); n <= Math.min(lines[1], doc.lines); n++) ranges.push(Decoration.line({ class: 'at lines' }).range(doc.line(n).from));
  }
  for (const problem of problems) {
    const line = doc.line(Math.min(problem.line, doc.lines));
    const name = classes[problem.severity];
    if (!tinted.has(line.number) && name !== 'gone') ranges.push(Decoration.line({ class: `at ${name}` }).range(line.from));
    tinted.add(line.number);
    const from = offset(doc, problem.line, problem.column);
    const to = Math.min(line.to, Math.max(offset(doc, problem.endLine, problem.endColumn), from + 1));
    if (to > from) ranges.push(Decoration.mark({ class: `wave ${name}` }).range(from, to));
    if (problem.severity === 0 && blocks++ < blocksMax) {
      ranges.push(Decoration.widget({ widget: new Block(problem, words), block: true, side: 1 }).range(line.to));
    }
  }
  return Decoration.set(ranges, true);
}

export const problemField = StateField.define({
  create: () => ({ problems: [], lines: null, drawn: Decoration.none }),
  update(value, transaction) {
    let { problems, lines, words, drawn } = value;
    let again = false;
    for (const effect of transaction.effects) {
      if (effect.is(setProblems)) { ({ problems, words } = effect.value); again = true; }
      if (effect.is(setLines)) { lines = effect.value; again = true; }
    }
    if (again) drawn = draw(transaction.state.doc, problems, lines, words);
    // Until the engine has answered, marks move along with the text.
    else if (transaction.docChanged) drawn = drawn.map(transaction.changes);
    else return value;
    return { problems, lines, words, drawn };
  },
  provide: field => EditorView.decorations.from(field, value => value.drawn),
});

const sorted = state => [...state.field(problemField).problems].sort((a, b) => a.line - b.line || a.column - b.column);

/** Goes to the first problem behind the cursor, or round to the first. */
export function nextProblem(view) {
  const problems = sorted(view.state);
  if (!problems.length) return false;
  const place = problem => offset(view.state.doc, problem.line, problem.column);
  const next = problems.find(problem => place(problem) > view.state.selection.main.head) ?? problems[0];
  view.dispatch({ selection: { anchor: place(next) }, effects: EditorView.scrollIntoView(place(next), { y: 'center' }) });
  view.focus();
  return true;
}

/** Carries out the fix of the cursor's line. */
export function fixHere(view) {
  const { number } = view.state.doc.lineAt(view.state.selection.main.head);
  const fix = view.state.field(problemField).problems.find(problem => problem.line === number && problem.fix)?.fix;
  if (fix) apply(view, fix);
  return Boolean(fix);
}

/** The problems at a position, for the hover. */
export const problemsAt = (state, pos) => state.field(problemField).problems.filter(problem => {
  const from = offset(state.doc, problem.line, problem.column);
  return pos >= from && pos <= Math.max(from + 1, offset(state.doc, problem.endLine, problem.endColumn));
});
