import { InvalidRequestError } from '../spec/errors.ts'

/** A label selector as Kubernetes objects hold it, such as `spec.selector` of a Deployment. All parts must match. */
export interface LabelSelector {
  /** Equal to each of these. */
  readonly matchLabels?: Readonly<Record<string, string>> | undefined
  /** Each of these holds. */
  readonly matchExpressions?: readonly LabelSelectorRequirement[] | undefined
}

/** What one label has to be. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#set-based-requirement */
export interface LabelSelectorRequirement {
  readonly key: string
  /** Any other is refused. */
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | (string & {})
  /** Of In and NotIn only. */
  readonly values?: readonly string[] | undefined
}

const part = String.raw`[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?`
const key = String.raw`(?:${part}/)?${part}`
const value = String.raw`(?:${part})?`
const values = String.raw`\(\s*${value}(?:\s*,\s*${value})*\s*\)`
const wholeKey = new RegExp(`^${key}$`)
const wholeValue = new RegExp(`^${value}$`)
/** Every form that a requirement can have. */
const requirement = new RegExp(
  String.raw`^\s*(?:!\s*${key}|${key}(?:\s*(?:==?|!=)\s*${value}|\s+(?:in|notin)\s*${values}|\s*[<>]\s*-?\d+)?)\s*$`,
)

/**
 * A selector as the query parameter holds it, checked: the server would refuse it anyway, and a deletion must not begin with
 * one that means something else.
 *
 * @throws {@link InvalidRequestError} for what is no label selector
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function formatLabelSelector(selector: string | LabelSelector): string {
  const text = typeof selector === 'string' ? selector : format(selector)
  if (text.trim() === '') return ''
  for (const entry of splitRequirements(text)) {
    if (!requirement.test(entry)) {
      throw new InvalidRequestError(
        `${JSON.stringify(text)} is no label selector: ${JSON.stringify(entry.trim())} has none of the forms ` +
          '"key=value", "key!=value", "key in (a,b)", "key notin (a,b)", "key" and "!key"',
      )
    }
  }
  return text
}

function format(selector: LabelSelector): string {
  const { matchLabels = {}, matchExpressions = [], ...others } = checkedParts(selector)
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw noSelector(`it holds ${JSON.stringify(unknown)}`)
  const equal = Object.entries(matchLabels).map(([name, wanted]) => `${checkedKey(name)}=${checkedValue(wanted)}`)
  return [...equal, ...matchExpressions.map(formatRequirement)].join(',')
}

/** What has no parts that are known would select everything. */
function checkedParts(selector: LabelSelector): LabelSelector {
  if (typeof selector === 'object' && selector !== null && !Array.isArray(selector)) return selector
  throw noSelector('it is neither text nor an object')
}

function noSelector(why: string): InvalidRequestError {
  return new InvalidRequestError(
    `what was given is no label selector, as ${why}: "app=web" is one, and { matchLabels: { app: "web" } }`,
  )
}

function formatRequirement({ key: unchecked, operator, values: wanted = [] }: LabelSelectorRequirement): string {
  const name = checkedKey(unchecked)
  switch (operator) {
    case 'In':
      return `${name} in (${listOf(name, wanted)})`
    case 'NotIn':
      return `${name} notin (${listOf(name, wanted)})`
    case 'Exists':
      return name
    case 'DoesNotExist':
      return `!${name}`
    default:
      throw new InvalidRequestError(
        `${JSON.stringify(operator)} is no operator of a label selector: In, NotIn, Exists and DoesNotExist are`,
      )
  }
}

function listOf(name: string, wanted: readonly string[]): string {
  if (wanted.length > 0) return wanted.map(checkedValue).join(',')
  throw new InvalidRequestError(`the requirement on the label ${JSON.stringify(name)} has no values`)
}

// A key or value with a comma in it would become a requirement more than was asked for.

function checkedKey(text: string): string {
  if (wholeKey.test(text)) return text
  throw new InvalidRequestError(`${JSON.stringify(text)} is no key of a label: "name" and "example.com/name" are`)
}

function checkedValue(text: string): string {
  if (wholeValue.test(text)) return text
  throw new InvalidRequestError(
    `${JSON.stringify(text)} is no value of a label: letters, digits, "-", "_" and "." make one`,
  )
}

/** At commas outside parentheses. */
function splitRequirements(text: string): string[] {
  return text.split(/,(?![^()]*\))/)
}
