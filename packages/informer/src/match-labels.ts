import { InvalidRequestError } from '@kubeclient/core/spec'

/** Decides on the labels of one object. */
export type LabelMatcher = (labels: Readonly<Record<string, string>>) => boolean

const existence = /^\s*(!?)\s*([^\s!=<>(),]+)\s*$/
const comparison = /^\s*([^\s!=<>(),]+)\s*(==?|!=|>|<)\s*([^\s!=<>(),]*)\s*$/
const membership = /^\s*([^\s!=<>(),]+)\s+(in|notin)\s*\(([^()!=<>]*)\)\s*$/

/**
 * `app=web,tier in (a,b),!canary` as a function, for objects that are here already.
 *
 * @throws {@link InvalidRequestError}
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function matchLabels(selector: string): LabelMatcher {
  if (selector.trim() === '') return () => true
  const requirements = selector.split(/,(?![^()]*\))/).map((text) => parseRequirement(text, selector))
  return (labels) => requirements.every((matches) => matches(labels))
}

function parseRequirement(text: string, selector: string): LabelMatcher {
  const [, negation, present] = existence.exec(text) ?? []
  if (present !== undefined) return (labels) => Object.hasOwn(labels, present) === (negation === '')
  const [, key, operator, value] = comparison.exec(text) ?? membership.exec(text) ?? []
  if (key !== undefined && operator !== undefined && value !== undefined) return compare(key, operator, value)
  throw new InvalidRequestError(
    `${JSON.stringify(selector)} is no label selector: ${JSON.stringify(text.trim())} has none of the forms ` +
      '"key=value", "key!=value", "key in (a,b)", "key notin (a,b)", "key" and "!key"',
  )
}

function compare(key: string, operator: string, text: string): LabelMatcher {
  const wanted = new Set(text.split(',').map((each) => each.trim()))
  const valueIn = (labels: Readonly<Record<string, string>>): string | undefined =>
    Object.hasOwn(labels, key) ? labels[key] : undefined
  switch (operator) {
    case '!=':
    case 'notin':
      return (labels) => !wanted.has(valueIn(labels) ?? notThere)
    case '>':
      return (labels) => Number(valueIn(labels)) > Number(text)
    case '<':
      return (labels) => Number(valueIn(labels)) < Number(text)
    default:
      return (labels) => wanted.has(valueIn(labels) ?? notThere)
  }
}

/** No label has this value. */
const notThere = '\n'
