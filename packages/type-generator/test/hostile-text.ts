import { type Arbitrary, array, constantFrom, oneof, string } from 'fast-check'

const fragments = [
  '*/',
  '/*',
  '//',
  '*',
  '/',
  "'",
  '"',
  '`',
  '${',
  '\\',
  '\n',
  '\r',
  '\t',
  '\u2028',
  '\u2029',
  '\u202E',
  '\uD800',
  '\0',
  '@',
  '{@link ',
  ' * ',
  '- ',
  ' ',
  '__proto__',
  'constructor',
  '};throw 1;',
  '<script>',
  'Deprecated: ',
  'More info: https://example.com/',
] as const

/** Text that tries to be more than text. */
export const hostileText: Arbitrary<string> = array(oneof(constantFrom(...fragments), string({ maxLength: 5 })), {
  maxLength: 12,
}).map((parts) => parts.join(''))
