/** What is to be seen on the screen, as colours: where a computed style says too little, as in forced colours. */

/** A blank page of the browser that can take a picture apart. */
export async function openReader(browser) {
  const page = await browser.newPage();
  return {
    /** The pixels of a part of a page, `margin` pixels around an element: `[red, green, blue]` each. */
    async read(of, locator, margin = 0) {
      const { x, y, width, height } = await locator.boundingBox();
      const clip = { x: Math.floor(x) - margin, y: Math.floor(y) - margin, width: Math.ceil(width) + 2 * margin, height: Math.ceil(height) + 2 * margin };
      const picture = await of.screenshot({ clip, animations: 'disabled', caret: 'hide' });
      // As one text, since thousands of small arrays take seconds on their way.
      const data = Buffer.from(await page.evaluate(takeApart, picture.toString('base64')), 'base64');
      return Array.from({ length: data.length / 4 }, (_, at) => [data[4 * at], data[4 * at + 1], data[4 * at + 2]]);
    },
    close: () => page.close(),
  };
}

async function takeApart(picture) {
  const image = new Image();
  image.src = `data:image/png;base64,${picture}`;
  await image.decode();
  const context = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height }).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  let text = '';
  for (const part of data) text += String.fromCharCode(part);
  return btoa(text);
}

function luminance(colour) {
  const [red, green, blue] = colour.map((part) => (part <= 10 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The contrast of two colours, as WCAG reckons it. */
export function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** How well something stands out: the best contrast against the most frequent colour, of what is at least some pixels. */
export function standsOut(pixels, least = 6) {
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel.join(), (counts.get(pixel.join()) ?? 0) + 1);
  const [[ground], ...others] = [...counts].sort(([, a], [, b]) => b - a);
  const colour = (text) => text.split(',').map(Number);
  // Edges are softened: pixels of the same contrast or more count together.
  const contrasts = others.flatMap(([text, count]) => Array(count).fill(contrast(colour(ground), colour(text)))).sort((a, b) => b - a);
  return contrasts[least - 1] ?? 1;
}

/** How many pixels differ by 3 : 1 or more. */
export function changed(before, after) {
  return before.filter((pixel, at) => contrast(pixel, after[at]) >= 3).length;
}
