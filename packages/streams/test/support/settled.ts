/** Resolves when a number has not changed for a while of turns of the event loop. */
export async function settled(read: () => number): Promise<void> {
  for (let last = -1, same = 0; same < 50;) {
    await new Promise((resolve) => setTimeout(resolve, 2))
    const now = read()
    same = now === last ? same + 1 : 0
    last = now
  }
}
