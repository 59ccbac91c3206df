// Pictures of the page reduced to a few grey squares: enough to see that something moved, vanished
// or changed its colour, too coarse for fonts and rounding.
import { gunzipSync, gzipSync } from 'node:zlib';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Side of a square, in CSS pixels. */
const square = 40;
/** A square differs from here on, of 255. */
const different = 7;
/** So large a share of squares may differ. */
const tolerated = 0.01;

/** The squares of a picture, row by row, as base64. The browser does the work: it can read PNG. */
export async function thumbnail(page, png) {
  const { width, height } = page.viewportSize();
  const size = [Math.round(width / square), Math.round(height / square)];
  // An empty page of its own: the one shown has a policy and scripts that have nothing to do with it.
  const blank = await page.context().newPage();
  try {
    return await blank.evaluate(async ([bytes, [columns, rows]]) => {
      const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${bytes}`)).blob(), {
        resizeWidth: columns, resizeHeight: rows, resizeQuality: 'high',
      });
      const context = new OffscreenCanvas(columns, rows).getContext('2d');
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, columns, rows);
      let grey = '';
      for (let at = 0; at < data.length; at += 4) {
        grey += String.fromCharCode(Math.round(0.3 * data[at] + 0.59 * data[at + 1] + 0.11 * data[at + 2]));
      }
      return btoa(grey);
    }, [png.toString('base64'), size]);
  } finally {
    await blank.close();
  }
}

/** What share of the squares differs; 1 for pictures of different sizes. */
export function difference(one, two) {
  const [a, b] = [one, two].map(text => Buffer.from(text, 'base64'));
  if (a.length !== b.length) return 1;
  return a.filter((value, index) => Math.abs(value - b[index]) >= different).length / a.length;
}

/** Whether a picture has changed more than fonts and rounding explain. */
export const hasChanged = (one, two) => difference(one, two) > tolerated;

/** The thumbnails of a file, by name. */
export const read = file => (existsSync(file) ? JSON.parse(gunzipSync(readFileSync(file))) : {});

/** Writes them. */
export function write(file, thumbnails) {
  const sorted = Object.fromEntries(Object.entries(thumbnails).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, gzipSync(JSON.stringify(sorted, null, 0), { level: 9 }));
}
