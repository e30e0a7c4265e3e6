/** The widget's own texts, read from its sources: their names from the package's types, their English from the core. */

import { readFileSync } from 'node:fs';

const source = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Every text that `messages` can replace: its name, and what it is in English. */
export function texts() {
  const [, names] = /export type MessageName =([^;]+);/.exec(source('package/index.d.ts'));
  const english = new Map();
  for (const [, name, text] of source('src/core/i18n/en.rs').matchAll(/^ {8}(\w+) = "((?:[^"\\]|\\.)*)",$/gm)) {
    english.set(name[0].toLowerCase() + name.slice(1), JSON.parse(`"${text}"`));
  }
  return [...names.matchAll(/"(\w+)"/g)].map(([, name]) => ({ name, english: english.get(name) }));
}

/** As long as a translation may become: 40 % more letters; one word stays one, a sentence gets more words. */
export function longer(text) {
  const bare = text.replace(/\{\w+(?:\|[^|}]*\|([^}]*))?\}/g, '$1');
  const more = Math.ceil(bare.length * 0.4);
  const words = 'weiterhin zusätzliche gegebenenfalls verfügbar'.repeat(1 + more / 40);
  return bare.trim().includes(' ') ? `${text} ${words.slice(0, Math.max(1, more - 1)).trim()}` : text + words.replaceAll(' ', '').slice(0, more);
}
