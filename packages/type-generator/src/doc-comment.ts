const width = 118

/**
 * A description as a TSDoc comment: links to read more become `@see`, a deprecation `@deprecated`, lists stay lists. Whatever
 * the text holds, it stays in the comment.
 */
export function docComment(description: string | undefined, indent = ''): string {
  const columns = width - indent.length - ' * '.length
  const lines = docLines(description ?? '', columns)
  const [first] = lines
  if (first === undefined) return ''
  if (lines.length === 1 && first.length <= columns - ' */'.length - 1) return `${indent}/** ${first} */\n`
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd() + '\n').join('')}${indent} */\n`
}

function docLines(description: string, columns: number): string[] {
  const { text, links } = withoutLinks(clean(description))
  const { body, deprecated } = withoutDeprecation(text)
  const prose =
    body === ''
      ? []
      : withLists(body)
          .split('\n')
          .flatMap((line) => wrap(line, columns))
  const tags = [
    ...(deprecated === '' ? [] : wrap(`@deprecated ${deprecated}`, columns)),
    // A link that is too long stays where its tag is.
    ...Array.from(links, (link) => `@see ${link}`),
  ]
  return [...prose, ...(prose.length > 0 && tags.length > 0 ? [''] : []), ...tags]
}

/** No text can end the comment, break its line, begin a tag, change the order in which it shows, or vanish as HTML. */
function clean(description: string): string {
  const lines = description
    .replaceAll(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll('\t', '  ')
    .replaceAll(/(?!\n)[\p{Cc}\p{Cs}]/gu, ' ')
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll('*/', String.raw`*\/`)
    .replaceAll(/<(?=[A-Za-z/!])/g, String.raw`\<`)
    // After a space it begins a tag, in the middle of a line as well.
    .replaceAll(/(?<!\S)@/g, String.raw`\@`)
    .split('\n')
    .map((line) => line.trimEnd())
  return lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}

function withoutLinks(text: string): { text: string; links: Set<string> } {
  const links = new Set<string>()
  const rest = text.replaceAll(
    // Spaces are tried from the first of them only, or many would take a time of their square.
    /(?<!\s)\s*\bmore info(?:rmation)?:?\s+(https?:\/\/\S*[^\s.,;)])[.,;]?/gi,
    (_, link: string) => {
      links.add(link)
      return ''
    },
  )
  return { text: rest.trim(), links }
}

/** `Deprecated: use x.`, or a sentence `This field is deprecated in favor of x.`, and what follows in its paragraph. */
function withoutDeprecation(text: string): { body: string; deprecated: string } {
  const match = /(?<=^|\n|[.!)"] )(?:deprecated[:.] +|(?=this (?:api|field|type) is deprecated))([^\n]+)/i.exec(text)
  if (match === null) return { body: text, deprecated: '' }
  const [all, reason = ''] = match
  return {
    body: (text.slice(0, match.index).trimEnd() + text.slice(match.index + all.length)).trim(),
    deprecated: reason,
  }
}

/** Lists whose line breaks were lost on the way: `one of: * a * b`, `one of: - a; - b`. */
function withLists(text: string): string {
  return text.split('\n').map(withList).join('\n')
}

/** A single asterisk may be a product. A dash begins an item after the end of a sentence, and before a quoted word or `a: `. */
function withList(line: string): string {
  const items = line.split(/ \* (?=\S)/)
  if (items.length > 2) return items.join('\n- ')
  return /^\s*- |: - /.test(line) ? line.replaceAll(/(?<=[.:;]) - (?=\S)|(?<=\S) - (?=["'`]|[\w-]+: )/g, '\n- ') : line
}

/** Lines of a list go on below their text. */
function wrap(text: string, columns: number): string[] {
  const [marker = ''] = /^\s*(?:[-*]|\d+\.) +/.exec(text) ?? /^\s*/.exec(text) ?? []
  const indent = text.startsWith('@') ? '  ' : ' '.repeat(marker.length)
  const lines: string[] = []
  let line = ''
  for (const word of text.slice(marker.length).split(/ +/)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line === '' || indent.length + longer.length <= columns) line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line].map((each, index) => (index === 0 ? marker : indent) + each)
}
