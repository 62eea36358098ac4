// Type-checks the code of the Markdown files: each ```ts fence is a module of its own, a ```ts continued fence goes on where
// the one before it ended. ```ts no-check leaves a fence out, and an HTML comment before it says why.
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const folder = '.fences'
const opening = /^(?<indent> *)```(?<info>(?:ts|typescript|js|javascript)\b.*)$/

interface Fence {
  info: string
  /** Of the line with the backticks, from 1. */
  line: number
  /** As in the Markdown, without its indent. */
  code: string[]
  /** The last line before it that is not blank. */
  before: string
}

function fencesOf(markdown: string): Fence[] {
  const fences: Fence[] = []
  let open: Fence | undefined
  let indent = ''
  let before = ''
  for (const [index, text] of markdown.split('\n').entries()) {
    const groups = opening.exec(text)?.groups
    if (open !== undefined && text.trim() === '```') {
      fences.push(open)
      open = undefined
    } else if (open !== undefined) open.code.push(text.startsWith(indent) ? text.slice(indent.length) : text)
    else if (groups !== undefined) {
      indent = groups['indent'] ?? ''
      open = { info: groups['info']?.trim() ?? '', line: index + 1, code: [], before }
    } else if (text.trim() !== '') before = text.trim()
  }
  return fences
}

/** Complains of a fence that is neither checked nor excused. */
function complaintOf({ info, before }: Fence, first: boolean): string | undefined {
  if (info === 'ts') return undefined
  if (info === 'ts continued') return first ? 'there is no fence that it could continue' : undefined
  if (info !== 'ts no-check') return `\`\`\`${info}: only \`\`\`ts, \`\`\`ts continued and \`\`\`ts no-check are known`
  return before.endsWith('-->') ? undefined : 'no-check needs an HTML comment before it that says why'
}

/** Modules by path. Blank lines in front of the code keep each line where it is in the Markdown. */
function modulesOf(path: string, fences: readonly Fence[]): Map<string, string> {
  const modules = new Map<string, string>()
  let current: { name: string; lines: string[] } | undefined
  for (const fence of fences) {
    const complaint = complaintOf(fence, current === undefined)
    if (complaint !== undefined) fail(`${path}:${fence.line}: ${complaint}`)
    else if (fence.info !== 'ts no-check') {
      if (fence.info === 'ts' || current === undefined) current = { name: `${path}/${fence.line}.ts`, lines: [] }
      while (current.lines.length < fence.line) current.lines.push('')
      current.lines.push(...fence.code)
      modules.set(current.name, `${current.lines.join('\n')}\n`)
    }
  }
  return modules
}

function fail(message: string): void {
  console.error(message)
  process.exitCode = 1
}

rmSync(folder, { recursive: true, force: true })
const markdown = globSync(['README.md', 'packages/*/README.md', 'docs/**/*.md']).toSorted()
let count = 0
for (const path of markdown) {
  for (const [name, code] of modulesOf(path, fencesOf(readFileSync(path, 'utf8')))) {
    mkdirSync(dirname(`${folder}/${name}`), { recursive: true })
    writeFileSync(`${folder}/${name}`, code)
    count++
  }
}
if (count > 0) {
  // The packages come in as sources, so nothing need be built before.
  const compilerOptions = { moduleDetection: 'force', noEmit: true }
  const config = { extends: '../tsconfig.json', compilerOptions, include: ['**/*.ts'], references: [] }
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(config))
  const { status, stdout } = spawnSync('node_modules/.bin/tsc', ['-p', folder, '--pretty', 'false'], {
    encoding: 'utf8',
  })
  // `.fences/README.md/12.ts(14,3)` is `README.md:14:3`.
  const said = stdout.replaceAll(/^\.fences\/(\S+?)\/\d+\.ts\((\d+),(\d+)\)/gm, '$1:$2:$3')
  if (status !== 0) fail(said)
}
console.log(`${count} modules from the fences of ${markdown.length} Markdown files`)
