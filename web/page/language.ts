/**
 * Some browsers call a machine without a language of its own `en-US@posix`, which is no language tag: uPlot asks for its numbers
 * when it is loaded, and the page would stay empty. Imported before it.
 */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en' });
}
