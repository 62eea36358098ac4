/** Of a header that should stand there once. */
export function firstLine(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'object' ? header[0] : header
}
