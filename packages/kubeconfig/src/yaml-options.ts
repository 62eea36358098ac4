import type { DocumentOptions, ParseOptions, SchemaOptions, ScalarTag, Tags } from 'yaml'
import { mergeTag } from './merge-key.ts'

/** YAML 1.1 as kubectl reads it, which is without timestamps and base-60 numbers. For one document. */
export function yamlOptions(): DocumentOptions & ParseOptions & SchemaOptions {
  return {
    version: '1.1',
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    customTags: kubectlTags,
  }
}

function kubectlTags(tags: Tags): Tags {
  return tags
    .filter((tag) => {
      if (typeof tag === 'string') return true
      return tag.format !== 'TIME' && !/:(?:timestamp|binary|set|omap|pairs)$/.test(tag.tag)
    })
    .map((tag) => (typeof tag === 'string' || tag.collection !== undefined ? tag : kubectlScalar(tag)))
}

function kubectlScalar(tag: ScalarTag): ScalarTag {
  if (tag.tag.endsWith(':merge')) return mergeTag(tag)
  if (!tag.tag.endsWith(':float') || tag.test === undefined) return tag
  // The parser takes "e5" and "." for numbers, which are good names of clusters and users.
  return { ...tag, test: new RegExp(String.raw`^(?=[-+]?\.?[\diInN])(?:${tag.test.source})`) }
}
