/** Begin to play. A pause that comes before the sound has begun is what was asked for, not a failure. */
export function play(sound: HTMLMediaElement) {
  sound.play().catch((failure: unknown) => {
    if (!(failure instanceof DOMException && failure.name === "AbortError")) throw failure;
  });
}
