interface Event {
  readonly type: string
}

const newline = 10

/** Reads a watch as a careful programmer does by hand: splits bytes, and parses line by line. */
export async function countEvents(body: AsyncIterable<Buffer>): Promise<number> {
  let count = 0
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of body) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let start = 0
    for (let end = rest.indexOf(newline); end >= 0; start = end + 1, end = rest.indexOf(newline, start)) {
      const event = JSON.parse(rest.toString('utf8', start, end)) as Event // the server's fixed answer
      if (event.type === 'MODIFIED') count += 1
    }
    rest = rest.subarray(start)
  }
  return count
}
