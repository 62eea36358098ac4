const namePattern = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/
const characters = `alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character`

/** What is wrong with the key of a label; undefined: nothing. */
export function labelKeyProblem(key: string): string | undefined {
  const [name = '', prefix, ...more] = key.split('/').toReversed()
  if (more.length > 0 || prefix === '') {
    return `a valid label key must consist of ${characters} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`
  }
  if (name.length > 63) return 'name part must be no more than 63 bytes'
  if (namePattern.test(name)) return undefined
  return `name part must consist of ${characters} (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`
}

/** What is wrong with the value of a label; undefined: nothing. */
export function labelValueProblem(value: string): string | undefined {
  if (value.length > 63) return 'must be no more than 63 bytes'
  if (value === '' || namePattern.test(value)) return undefined
  return `a valid label must be an empty string or consist of ${characters} (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`
}
