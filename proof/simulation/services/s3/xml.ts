/** The content of an element: text, or elements within it, of which some may come several times. */
export type Content = string | number | boolean | Elements;

interface Elements {
  readonly [name: string]: Content | readonly Content[];
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** An XML document with one element. */
export function xml(name: string, content: Content): Buffer {
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${element(name, content)}`);
}

function element(name: string, content: Content | readonly Content[]): string {
  if (isList(content)) return content.map((each) => element(name, each)).join('');
  const inner =
    typeof content === 'object'
      ? Object.entries(content)
          .map(([each, value]) => element(each, value))
          .join('')
      : escaped(String(content));
  return `<${name}>${inner}</${name}>`;
}

function isList(content: Content | readonly Content[]): content is readonly Content[] {
  return Array.isArray(content);
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);
}
